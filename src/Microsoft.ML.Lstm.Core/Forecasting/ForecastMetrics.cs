using System.Text;

namespace Microsoft.ML.Lstm;

/// <summary>
/// How good forecasts are: the errors in all, for each step ahead and for each series, beside those of forecasts that need no learning. Made by
/// <c>mlContext.Forecasting.EvaluateForecast</c> and <c>Backtest</c>. Immutable.
/// </summary>
public sealed record ForecastMetrics
{
    /// <summary>
    /// Errors that are apart by a smaller fraction count as equal: a network that is no better than the regression it began from is that regression,
    /// but for rounding.
    /// </summary>
    internal const double Tie = 1e-3;

    /// <summary>Forecasts compared with what came, each of a whole horizon.</summary>
    public required long ForecastCount { get; init; }

    /// <summary>The errors over all series and steps.</summary>
    public required ForecastErrors Errors { get; init; }

    /// <summary>The errors one step ahead, two steps ahead, …</summary>
    public required IReadOnlyList<ForecastErrors> ErrorsByHorizon { get; init; }

    /// <summary>The errors of each series, by the text of its group value; one entry, "", where there are no groups.</summary>
    public required IReadOnlyDictionary<string, ForecastErrors> ErrorsBySeries { get; init; }

    /// <summary>
    /// The errors of the forecasts that need no learning, on the same origins: <c>Persistence</c> (what was last), <c>SeasonalNaive</c> (what was a season
    /// ago), <c>Naive2</c> (M4's: persistence on the seasonally adjusted series) and, where training data is given, <c>Ridge</c> (linear regression on the
    /// window, shrunk towards the best of a few simple forecasts).
    /// </summary>
    public required IReadOnlyDictionary<string, ForecastErrors> Baselines { get; init; }

    /// <summary>The season's length in steps that the baselines and the scaled errors are of; 1 if there is none.</summary>
    public required int SeasonLength { get; init; }

    /// <summary>
    /// OWA: the mean of sMAPE and MASE, each relative to Naive2's (M4 competition). Below 1: better than Naive2. NaN where Naive2 makes no error or cannot be
    /// scaled.
    /// </summary>
    public double OverallWeightedAverage
    {
        get
        {
            ForecastErrors naive = Baselines["Naive2"];
            return 0.5 * ((Errors.SymmetricMeanAbsolutePercentageError / naive.SymmetricMeanAbsolutePercentageError)
                + (Errors.MeanAbsoluteScaledError / naive.MeanAbsoluteScaledError));
        }
    }

    /// <summary>The level of the intervals; null if none were given.</summary>
    public double? ConfidenceLevel { get; init; }

    /// <summary>Share of the values inside their interval, to be compared with <see cref="ConfidenceLevel"/>; NaN without intervals.</summary>
    public double Coverage { get; init; } = double.NaN;

    /// <summary>Coverage one step ahead, two steps ahead, …; empty without intervals.</summary>
    public IReadOnlyList<double> CoverageByHorizon { get; init; } = [];

    /// <summary>Mean width of the intervals in the unit of the series; NaN without intervals.</summary>
    public double MeanIntervalWidth { get; init; } = double.NaN;

    /// <summary>MSIS: mean scaled interval score, smaller is better (M4 competition); NaN without intervals.</summary>
    public double MeanScaledIntervalScore { get; init; } = double.NaN;

    /// <summary>
    /// Mean pinball loss of the two bounds as quantiles (1 ∓ level) / 2, in the unit of the series: Σ over both of max(τ·(y − q), (τ − 1)·(y − q)), averaged. NaN
    /// without intervals.
    /// </summary>
    public double MeanPinballLoss { get; init; } = double.NaN;

    /// <summary>
    /// Names of the baselines whose mean absolute error is smaller, by more than a thousandth: a learned forecast that loses to one of these is worth
    /// nothing yet.
    /// </summary>
    public IReadOnlyList<string> BeatenBy =>
        [.. Baselines.Where(pair => pair.Value.MeanAbsoluteError * (1 + Tie) < Errors.MeanAbsoluteError).Select(pair => pair.Key)];

    /// <summary>A table: the errors and those of the baselines, a line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Invariant($"{ForecastCount} forecasts of {ErrorsByHorizon.Count} steps, season {SeasonLength}"));
        text.AppendLine().Append(Invariant($"{"",-16}{"MAE",12}{"RMSE",12}{"MAPE %",9}{"sMAPE %",9}{"MASE",8}"));
        AppendLine(text, "forecast", Errors);
        foreach ((string name, ForecastErrors errors) in Baselines)
            AppendLine(text, name, errors);
        if (ConfidenceLevel is { } level)
            text.AppendLine().Append(Invariant($"{100 * level:G4} % interval: covers {100 * Coverage:F1} %, mean width {MeanIntervalWidth:G4}, MSIS {MeanScaledIntervalScore:F3}"));
        if (BeatenBy is { Count: > 0 } better)
            text.AppendLine().Append(Invariant($"The forecast has a larger mean absolute error than {string.Join(" and ", better)}."));
        return text.ToString();
    }

    private static void AppendLine(StringBuilder text, string name, ForecastErrors errors) => text.AppendLine().Append(Invariant(
        $"{name,-16}{errors.MeanAbsoluteError,12:G5}{errors.RootMeanSquaredError,12:G5}{errors.MeanAbsolutePercentageError,9:F2}{errors.SymmetricMeanAbsolutePercentageError,9:F2}{errors.MeanAbsoluteScaledError,8:F3}"));
}
