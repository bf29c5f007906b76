using System.Globalization;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Search;

/// <summary>
/// Runs the trainings of a search one after the other, in the order of the <see cref="RungLadder"/>, takes from the folder what is done, and ends with its trials, its time or its patience.
/// </summary>
/// <param name="host">Where it runs.</param>
/// <param name="options">The options, checked.</param>
/// <param name="folder">Where it is kept.</param>
/// <param name="ladder">What comes next.</param>
/// <param name="has">Whether there is a trial of a number.</param>
/// <param name="settingsOf">The settings of a trial.</param>
/// <param name="train">Trains and validates; smaller is better.</param>
internal sealed class SearchRun(
    IHost host, SearchOptions options, SearchFolder folder, RungLadder ladder, Func<int, bool> has, Func<int, IReadOnlyDictionary<string, string>> settingsOf, Func<SearchJob, CancellationToken, double> train)
{
    private readonly List<SearchRung> _done = [];

    /// <summary>The trainings, in the order in which they were made.</summary>
    public IReadOnlyList<SearchRung> Trials => _done;

    /// <summary>The training with the best score, of the last of each trial.</summary>
    public SearchRung Best => _done.GroupBy(rung => rung.Trial).Select(rungs => rungs.Last()).OrderBy(rung => rung.Score).ThenBy(rung => rung.Trial).First();

    /// <summary>Searches.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was found.</exception>
    /// <exception cref="InvalidOperationException">All trainings diverged.</exception>
    public SearchEnd Run()
    {
        using IChannel channel = host.Start("Search");
        using IProgressChannel progress = host.StartProgressChannel("Search");
        int begun = 0;
        progress.SetHeader(new ProgressHeader(["Score", "Best score"], ["trials"]), entry => entry.SetProgress(0, begun, options.NumberOfTrials ?? double.NaN));
        using var cancellation = new HostCancellation(host, options.CancellationToken);
        using CancellationTokenSource? limit = options.TimeLimit is { } time ? new CancellationTokenSource(time, options.Clock) : null;
        while (ladder.Next(begun, begun < options.MostNumberOfTrials && has(begun)) is var (trial, rung))
        {
            SearchRecord? record = folder.Find(trial, rung);
            bool isNew = record is null;
            if (record is null)
            {
                cancellation.Look();
                if ((_done.Count > 0 ? End(cancellation.Token, limit) : null) is { } before)
                    return before;
                record = Train(folder.JobOf(trial, rung, ladder.Epochs[rung]), cancellation.Token, _done.Count > 0 ? limit : null);
                if (record is null)
                    return _done.Count > 0 ? End(cancellation.Token, limit)!.Value : throw new OperationCanceledException(options.CancellationToken);
                folder.Add(trial, rung, record);
            }
            begun = Math.Max(begun, trial + 1);
            var done = new SearchRung { Trial = trial, Rung = rung, Epochs = record.Epochs, Score = record.Score ?? double.PositiveInfinity, Seconds = record.Seconds, Values = settingsOf(trial) };
            ladder.Add(trial, rung, done.Score);
            _done.Add(done);
            channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Searching: {done}{(isNew ? "" : ", as the folder has it")}."));
            progress.Checkpoint(done.Score, Best.Score, begun);
            options.TrialDone?.Invoke(new SearchProgress(done, Best, begun, options.NumberOfTrials ?? (options.TimeLimit is null ? options.MostNumberOfTrials : null), isNew));
        }
        return double.IsFinite(Best.Score) ? SearchEnd.Completed : throw new InvalidOperationException(
            Invariant($"All {Plural.Of(begun, "trial")} diverged; expected one whose loss stays finite. Lower the learning rates, clip the gradient's norm, or look for extreme values in the data."));
    }

    private static SearchEnd? End(CancellationToken cancelled, CancellationTokenSource? limit) =>
        cancelled.IsCancellationRequested ? SearchEnd.Cancelled : limit is { IsCancellationRequested: true } ? SearchEnd.TimeLimit : null;

    // Null where it was given up.
    private SearchRecord? Train(SearchJob job, CancellationToken cancelled, CancellationTokenSource? limit)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancelled, limit?.Token ?? default);
        long began = options.Clock.GetTimestamp();
        double? score;
        try
        {
            score = train(job, linked.Token);
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            return null;
        }
        catch (TrainingDivergedException)
        {
            score = null;
        }
        if (score is { } found && !double.IsFinite(found))
            throw new InvalidOperationException(Invariant($"The score of trial {job.Trial} is {found}; expected a finite value, smaller where it is better."));
        SearchFolder.Settle(job);
        return new SearchRecord(EpochsOf(job), score, options.Clock.GetElapsedTime(began).TotalSeconds, settingsOf(job.Trial));
    }

    // Fewer than the rung allows where the training stopped early or diverged.
    private static int EpochsOf(SearchJob job) => File.Exists(job.CheckpointPath) ? Checkpoint.Load(job.CheckpointPath).Progress.Epoch : 0;
}
