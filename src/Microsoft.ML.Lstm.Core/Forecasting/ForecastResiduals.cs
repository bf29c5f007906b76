namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The residuals of a forecaster's first step, in units of each window's scale.</summary>
internal static class ForecastResiduals
{
    private const int MostWindows = 20_000;

    /// <summary>Measures the windows that are held out of training by the same split; where none are, those of the training.</summary>
    /// <param name="model">The forecaster.</param>
    /// <param name="series">What it was trained on.</param>
    /// <param name="fraction">The fraction that was held out.</param>
    /// <param name="areHeldOut">Whether the windows were held out.</param>
    /// <param name="leastRows">Rows that the shortest of the windows had.</param>
    public static IReadOnlyList<float> Measure(ForecastModel model, TrainingSeries series, double fraction, out bool areHeldOut, out int leastRows)
    {
        var split = new ForecastSplit(model.Settings, series, fraction, MostWindows);
        areHeldOut = split.Validation is not null;
        NormalizedWindows windows = split.Validation ?? split.Training;
        var residuals = new List<float>();
        leastRows = model.WindowLength;
        foreach (WindowScores scores in new HeldOutScorer(model, windows).Score(Math.Max(1, windows.Count / MostWindows)))
        {
            float residual = scores.Target(0) - scores.Output(0, model.QuantileCount)[model.QuantileCount / 2];
            if (float.IsFinite(residual))
            {
                residuals.Add(residual);
                leastRows = Math.Min(leastRows, scores.Origin);
            }
        }
        return residuals;
    }
}
