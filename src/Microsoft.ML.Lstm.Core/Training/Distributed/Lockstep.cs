using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>
/// Keeps processes from waiting for one that has failed. What may fail in one alone either runs under <see cref="Together"/>, and then all throw; or,
/// where there is nothing left to say it with, all are ended. Of one process alone it does nothing.
/// </summary>
internal sealed class Lockstep(IProcessGroup? group)
{
    private bool _isAgreed;

    /// <summary>Whether this process writes files and tells of progress.</summary>
    public bool IsFirst => group is null or { Rank: 0 };

    /// <summary>Runs what all processes do; when one fails, all throw: that one its own exception, the others what it said.</summary>
    /// <exception cref="DistributedTrainingException">Another process has failed.</exception>
    public void Together(Action action)
    {
        if (group is null)
        {
            action();
            return;
        }
        ExceptionDispatchInfo? own = null;
        try
        {
            action();
        }
        catch (Exception e)
        {
            own = ExceptionDispatchInfo.Capture(e);
        }
        string[] failures = group.Gather(own?.SourceException.Message ?? "");
        _isAgreed = Array.Exists(failures, failure => failure.Length > 0);
        own?.Throw();
        int failed = Array.FindIndex(failures, failure => failure.Length > 0);
        if (failed >= 0)
            throw new DistributedTrainingException(Invariant($"Process {failed} of {group.Size} cannot train: {failures[failed]}"));
    }

    /// <summary>Reads a file that perhaps only the first process sees, in every process.</summary>
    public Stream Open(string path, Func<string, Stream> open)
    {
        if (group is null)
            return open(path);
        byte[]? bytes = null;
        Together(() =>
        {
            if (!IsFirst)
                return;
            using Stream stream = open(path);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            bytes = copy.ToArray();
        });
        return new MemoryStream(group.BroadcastFromFirst(bytes), writable: false);
    }

    /// <summary>Runs a training, and ends all processes when it fails in this one alone.</summary>
    public T Run<T>(Func<T> training)
    {
        if (group is null)
            return training();
        try
        {
            return training();
        }
        catch (Exception e) when (!(_isAgreed || e is DistributedTrainingException or TrainingDivergedException or AgreedCancellationException))
        {
            group.Abort(e.Message);
            throw;
        }
    }
}
