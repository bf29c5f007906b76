using Microsoft.ML.Lstm;
using Spectre.Console;

namespace Samples.Shared;

/// <summary>A progress bar on the console, an epoch at a time.</summary>
internal static class TrainingBar
{
    /// <summary>Runs a training that reports its epochs.</summary>
    public static T Run<T>(int epochs, Func<Action<EpochReport>, T> train) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .Start(progress =>
        {
            ProgressTask task = progress.AddTask("training", maxValue: epochs);
            T result = train(epoch =>
            {
                task.Increment(1);
                string validation = epoch.ValidationLoss is { } loss ? FormattableString.Invariant($", validation {loss:F4}") : "";
                task.Description = FormattableString.Invariant($"epoch {epoch.Epoch + 1} of {epochs}: loss {epoch.Loss:F4}{validation}, {epoch.SequencesPerSecond:F0} sequences/s");
            });
            task.Value = epochs;
            return result;
        });
}
