using Spectre.Console;

namespace Microsoft.ML.Lstm.Tool.Output;

/// <summary>Metrics of forecasts, for people.</summary>
internal static class MetricsTable
{
    /// <summary>Shows metrics beside those of forecasts that need no learning, and says what they come to.</summary>
    public static void Show(ToolConsole console, ForecastMetrics metrics)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("", "MAE", "RMSE", "sMAPE %", "MASE");
        Row("this forecast", metrics.Errors);
        foreach ((string name, ForecastErrors errors) in metrics.Baselines)
            Row(name, errors);
        console.Results.Write(table);
        if (metrics.ConfidenceLevel is { } level && !double.IsNaN(metrics.Coverage))
            console.Say(FormattableString.Invariant($"Intervals of {level:P0} covered {metrics.Coverage:P1} of the values.")
                + (metrics.Coverage < level - 0.1 ? " They are too narrow: what came was less like the rows before than they suppose." : ""));
        console.Say(Verdict(metrics));

        void Row(string name, ForecastErrors errors) => table.AddRow([Markup.Escape(name), Text(errors.MeanAbsoluteError), Text(errors.RootMeanSquaredError), Text(errors.SymmetricMeanAbsolutePercentageError), Text(errors.MeanAbsoluteScaledError)]);

        static string Text(double value) => double.IsNaN(value) ? "" : value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What metrics come to, in a sentence.</summary>
    public static string Verdict(ForecastMetrics metrics)
    {
        (string best, ForecastErrors errors) = metrics.Baselines.Where(baseline => !double.IsNaN(baseline.Value.MeanAbsoluteError)).MinBy(baseline => baseline.Value.MeanAbsoluteError);
        if (errors.MeanAbsoluteError == 0)
            return metrics.Errors.MeanAbsoluteError == 0
                ? $"On rows that it had not seen it was without error, as was {best}, which needs no network."
                : FormattableString.Invariant($"On rows that it had not seen its mean absolute error was {metrics.Errors.MeanAbsoluteError:G4}, ")
                    + $"where {best}, which needs no network, was without error: use that.";
        double ratio = metrics.Errors.MeanAbsoluteError / errors.MeanAbsoluteError;
        if (Math.Abs(ratio - 1) < ForecastMetrics.Tie)
            return $"On rows that it had not seen its mean absolute error was that of {best}, which needs no network: here the network adds nothing.";
        return ratio <= 1
            ? FormattableString.Invariant($"On rows that it had not seen its mean absolute error was {1 - ratio:P0} below that of {best}, the best that needs no network.")
            : FormattableString.Invariant($"On rows that it had not seen its mean absolute error was {ratio - 1:P0} ABOVE that of {best}, which needs no network: use that, or try a longer --window, more --epochs, or covariates.");
    }
}
