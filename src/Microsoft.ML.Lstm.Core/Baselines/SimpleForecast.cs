namespace Microsoft.ML.Lstm.Baselines;

/// <summary>A forecast that needs no learning.</summary>
/// <param name="Weights">Of a window less its last value: [L + 1, H], of which the last row, the intercepts, is 0.</param>
/// <param name="Handicap">What its squared error is multiplied by where it is compared with others.</param>
internal sealed record SimpleForecast(double[][] Weights, double Handicap = 1)
{
    /// <summary>The weights of the forecast that has the least squared error times handicap; of equals the first.</summary>
    public static double[][] Best(IReadOnlyList<SimpleForecast> forecasts, Func<double[][], double> error) =>
        forecasts.MinBy(forecast => forecast.Handicap * error(forecast.Weights))!.Weights;
}
