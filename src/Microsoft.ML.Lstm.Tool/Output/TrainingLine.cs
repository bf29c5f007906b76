using Spectre.Console;

namespace Microsoft.ML.Lstm.Tool.Output;

/// <summary>Shows how a training goes: a bar with the time left and the curve of the validation loss; lines where the terminal is none.</summary>
internal static class TrainingLine
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Runs a training that tells each epoch; one on all rows, after that with some held out, is called so.</summary>
    public static T Run<T>(IAnsiConsole console, string what, int epochs, Func<Action<EpochReport>, T> train)
    {
        bool hadValidation = false;
        string Stage(EpochReport epoch)
        {
            hadValidation |= epoch.ValidationLoss is not null;
            return hadValidation && epoch.ValidationLoss is null ? $"{what} on all rows" : what;
        }

        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            return train(epoch => console.WriteLine(FormattableString.Invariant(
                $"{Stage(epoch)}: epoch {epoch.Epoch + 1} of {epochs}, loss {epoch.Loss:G4}{(epoch.ValidationLoss is { } loss ? FormattableString.Invariant($", validation {loss:G4}") : "")}, {epoch.Seconds:F1} s")));
        }
        return console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(progress =>
        {
            ProgressTask task = progress.AddTask(Markup.Escape(what), maxValue: epochs);
            var losses = new List<double>();
            return train(epoch =>
            {
                if (epoch.Epoch == 0)
                    losses.Clear();
                losses.Add(epoch.ValidationLoss ?? epoch.Loss);
                task.Description = Markup.Escape($"{Stage(epoch)} {Curve(losses)} {losses[^1].ToString("G3", System.Globalization.CultureInfo.InvariantCulture)}");
                task.Value = epoch.Epoch + 1;
            });
        });
    }

    /// <summary>The last values as a row of bars.</summary>
    public static string Curve(IReadOnlyList<double> values)
    {
        double[] last = [.. values.TakeLast(24).Where(double.IsFinite)];
        if (last.Length == 0)
            return "";
        double least = last.Min(), range = Math.Max(last.Max() - least, 1e-12);
        return string.Concat(last.Select(value => Bars[(int)Math.Round((value - least) / range * (Bars.Length - 1))]));
    }
}
