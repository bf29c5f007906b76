using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Anomalies;

/// <summary>What an anomaly detector keeps beside its forecaster. Saved with the model.</summary>
/// <param name="Output">The column that it adds.</param>
/// <param name="ConfidenceLevel">Share of ordinary rows that raise no alert.</param>
/// <param name="Residuals">What the forecaster's residuals were.</param>
/// <param name="LeastRows">Rows that the windows had at least which they were measured on: from fewer, forecasts are worse.</param>
internal sealed record AnomalySettings(string Output, double ConfidenceLevel, ResidualDistribution Residuals, int LeastRows)
{
    /// <summary>Values of the column.</summary>
    public const int Size = 6;

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Alert", "Score", "P-Value", "Expected", "Lower", "Upper"];

    /// <summary>Scores a row: [<see cref="Size"/>].</summary>
    /// <param name="value">What came; NaN is missing.</param>
    /// <param name="expected">What was forecast; NaN where nothing was.</param>
    /// <param name="level">What the forecast's window was taken relative to.</param>
    /// <param name="rows">Rows that it was forecast from.</param>
    public double[] Score(float value, float expected, in WindowLevel level, int rows)
    {
        double residual = level.Distance(value, expected) / level.Scale, probability = Residuals.PValue(residual);
        (double lower, double upper) = Residuals.Interval(ConfidenceLevel);
        bool isKnown = double.IsFinite(residual) && rows >= LeastRows;
        return
        [
            isKnown && probability < 1 - ConfidenceLevel ? 1 : 0,
            isKnown ? residual / Residuals.Spread : double.NaN,
            isKnown ? probability : double.NaN,
            expected,
            level.Above(expected, level.Scale * lower),
            level.Above(expected, level.Scale * upper),
        ];
    }

    /// <summary>A row of which nothing can be said.</summary>
    public static double[] Unknown() => [0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN];
}
