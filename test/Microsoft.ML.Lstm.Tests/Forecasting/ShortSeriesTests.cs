using static System.FormattableString;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

/// <summary>
/// From a few dozen rows a forecaster of all defaults is no worse than the better of persistence and the season before, whatever the
/// series is like.
/// </summary>
public sealed class ShortSeriesTests
{
    [Theory]
    [InlineData("months with a season", 54, 12, 6, 0.95)]
    [InlineData("months with a season", 40, 12, 12, 1.05)]
    [InlineData("quarters with a season on a trend", 36, 4, 6, 0.75)]
    [InlineData("years with a trend", 22, 1, 6, 0.65)]
    [InlineData("years on a straight line", 24, 1, 6, 0.05)]
    [InlineData("years of a random walk", 30, 1, 4, 1.03)]
    [InlineData("months of noise", 48, 1, 6, 0.85)]
    [InlineData("months that grow", 60, 12, 12, 0.4)]
    public void Fit_AllDefaults_IsNoWorseThanTheBestNaiveForecast(string kind, int rows, int season, int horizon, double most)
    {
        (double own, double last, double before) = (0, 0, 0);
        for (int seed = 1; seed <= 12; seed++)
        {
            float[] values = Values(kind, rows + horizon, seed), past = values[..rows], future = values[rows..];
            int window = Math.Clamp(Math.Max(2 * horizon, 3 * season), 1, rows / 3);
            var ml = new MLContext(1);
            var options = new LstmForecaster.Options { InputColumnNames = ["Value"], TimeColumnName = "Time", WindowSize = window, Horizon = horizon };
            ForecastModel model = ml.Forecasting.ForecastByLstm(options)
                .Fit(ml.Data.LoadFromEnumerable(past.Select((value, i) => new Row { Time = TimeOf(kind, i), Value = value })))
                .Model;
            double naive = Error(_ => past[^1], future), seasonal = Error(h => past[rows - season + (h % season)], future), scale = naive + seasonal;
            float[] forecast = [.. model.Forecast(past, lastTime: TimeOf(kind, rows - 1)).Values];
            own += Error(h => forecast[h], future) / scale;
            last += naive / scale;
            before += seasonal / scale;
        }
        double ratio = own / Math.Min(last, before);
        Assert.True(ratio <= most, Invariant($"{kind}: the error is {ratio:F3} times that of the best naive forecast"));
    }

    private static double Error(Func<int, float> forecast, float[] actual) =>
        Enumerable.Range(0, actual.Length).Sum(h => Math.Abs((double)forecast(h) - actual[h]));

    private static float[] Values(string kind, int count, int seed)
    {
        var random = new Random(seed);
        double level = 100;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            double noise = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
            level += 2 * noise;
            return (float)(kind switch
            {
                "months with a season" => 50 + (8 * Math.Sin(Math.PI * i / 6)) + (3 * Math.Cos(Math.PI * i / 3)) + (4 * noise),
                "quarters with a season on a trend" => 50 + (0.7 * i) + (i % 4 * 5) + (4 * noise),
                "years with a trend" => 50 + (2 * i) + (4 * noise),
                "years on a straight line" => 10 + (2 * i),
                "years of a random walk" => level,
                "months of noise" => 50 + (4 * noise),
                _ => 100 * Math.Exp((0.01 * i) + (0.2 * Math.Sin(Math.PI * i / 6)) + (0.03 * noise)),
            });
        })];
    }

    private static DateTime TimeOf(string kind, int row) =>
        new DateTime(1960, 1, 1).AddMonths(row * (kind.StartsWith("years") ? 12 : kind.StartsWith("quarters") ? 3 : 1));

    private sealed class Row
    {
        public DateTime Time { get; set; }

        public float Value { get; set; }
    }
}
