namespace Samples.Shared;

/// <summary>How far forecasts are off: root mean square and mean absolute error.</summary>
internal readonly record struct ForecastErrors(double Rmse, double Mae)
{
    /// <summary>Measures forecasts against what came true.</summary>
    public static ForecastErrors Of<T>(IReadOnlyCollection<T> rows, Func<T, float> forecast, Func<T, float> truth) => new(
        Math.Sqrt(rows.Average(row => Math.Pow(forecast(row) - (double)truth(row), 2))),
        rows.Average(row => Math.Abs(forecast(row) - (double)truth(row))));

    /// <summary>Whether both are smaller.</summary>
    public bool Beats(ForecastErrors other) => Rmse < other.Rmse && Mae < other.Mae;
}
