using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;
using static System.FormattableString;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>Tells ML.NET's log and progress channels how a training goes.</summary>
internal sealed class TrainingReport : ITrainingObserver, IDisposable
{
    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private int _epochs, _done;

    public TrainingReport(IHost host, IChannel channel)
    {
        _channel = channel;
        _progress = host.StartProgressChannel("Training");
        _progress.SetHeader(
            new ProgressHeader(["Loss", "Validation loss", "Sequences/s"], ["epochs"]),
            entry => entry.SetProgress(0, _done, _epochs));
    }

    /// <summary>Says what is about to be trained on what.</summary>
    public void Begin(TrainingStart start)
    {
        _epochs = start.Options.Epochs;
        _channel.Info(MessageSensitivity.None, Invariant(
            $"Training {Plural.Of(start.Engine.Parameters.ParameterCount, "parameter")} on {Plural.Of(start.Training.Count, "sequence")} of {Plural.Of(start.Training.StepCount, "step")} in all, validating on {start.Validation?.Count ?? 0}, by {start.Engine}."));
    }

    /// <summary>Reports an epoch.</summary>
    public void AfterEpoch(EpochReport epoch)
    {
        _done = epoch.Epoch + 1;
        string validation = epoch.ValidationLoss is { } loss ? Invariant($", validation loss {loss:G6}") : "";
        _channel.Info(MessageSensitivity.None, Invariant(
            $"Epoch {_done} of {_epochs}: loss {epoch.Loss:G6}{validation}{(epoch.IsBest ? " (best)" : "")}, {epoch.SequencesPerSecond:F0} sequences/s, learning rate {epoch.LearningRate:G4}."));
        _progress.Checkpoint(epoch.Loss, epoch.ValidationLoss, epoch.SequencesPerSecond, _done);
    }

    /// <summary>Reports what the doctor has found: what needs doing as a warning.</summary>
    public void Found(Finding finding)
    {
        if (finding.Severity == FindingSeverity.Information)
            _channel.Info(MessageSensitivity.None, finding.ToString());
        else
            _channel.Warning(MessageSensitivity.None, finding.ToString());
    }

    /// <summary>Says why the training ended.</summary>
    public void End(TrainingHistory history) => _channel.Info(MessageSensitivity.None, Invariant(
        $"Training ended after {Plural.Of(history.Epochs.Count, "epoch")} ({history.End}); the best was epoch {history.BestEpoch + 1}."));

    public void Dispose() => _progress.Dispose();
}
