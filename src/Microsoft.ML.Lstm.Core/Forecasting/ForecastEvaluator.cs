using Microsoft.ML.Lstm.Baselines;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Sums up forecasts as they are compared with what came. One caller at a time; what is compared first is summed first, so the same order gives the same bits.
/// </summary>
/// <param name="horizon">H, steps of a forecast.</param>
/// <param name="season">The season's length in steps; 1 if there is none.</param>
/// <param name="confidenceLevel">The level of the intervals; null if there are none.</param>
internal sealed class ForecastEvaluator(int horizon, int season, double? confidenceLevel)
{
    // What Naive2 looks back on at most, so that many origins of a long series cost no more than a pass each.
    internal const int LongestHistory = 3000;
    private static readonly string[] s_baselines = ["Persistence", "SeasonalNaive", "Naive2", "Ridge"];
    private readonly ForecastErrorSums _errors = new();
    private readonly ForecastErrorSums[] _byHorizon = [.. Enumerable.Range(0, horizon).Select(_ => new ForecastErrorSums())];
    private readonly ForecastErrorSums[] _baselines = [.. s_baselines.Select(_ => new ForecastErrorSums())];
    private readonly Dictionary<string, ForecastErrorSums> _bySeries = [];
    private readonly IntervalSums _interval = new(confidenceLevel ?? double.NaN);
    private readonly IntervalSums[] _intervalByHorizon = [.. Enumerable.Range(0, horizon).Select(_ => new IntervalSums(confidenceLevel ?? double.NaN))];
    private readonly float[] _naive = new float[horizon];
    private double _pinball;
    private long _pinballs, _count;
    private bool _hasRidge;

    /// <summary>Compares one forecast.</summary>
    /// <param name="series">Name of the series.</param>
    /// <param name="history">Its values up to the origin; the baselines forecast from them.</param>
    /// <param name="actual">What came: [H].</param>
    /// <param name="forecast">What was forecast: [H].</param>
    /// <param name="scale">The seasonal-naive error that scaled errors are in units of; NaN if there is none.</param>
    /// <param name="lower">The intervals' lower bounds: [H]; empty without intervals.</param>
    /// <param name="upper">The intervals' upper bounds: [H]; empty without intervals.</param>
    /// <param name="ridge">What the linear regression forecasts: [H]; empty if there is none.</param>
    public void Add(
        string series, ReadOnlySpan<float> history, ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast, double scale,
        ReadOnlySpan<float> lower = default, ReadOnlySpan<float> upper = default, ReadOnlySpan<float> ridge = default)
    {
        _count++;
        if (!_bySeries.TryGetValue(series, out ForecastErrorSums? ofSeries))
            _bySeries.Add(series, ofSeries = new ForecastErrorSums());
        for (int h = 0; h < horizon; h++)
        {
            _errors.Add(actual[h], forecast[h], scale);
            _byHorizon[h].Add(actual[h], forecast[h], scale);
            ofSeries.Add(actual[h], forecast[h], scale);
        }
        AddBaselines(history, actual, scale, ridge);
        if (!lower.IsEmpty)
            AddIntervals(actual, lower, upper, scale);
    }

    /// <summary>The means.</summary>
    public ForecastMetrics ToMetrics() => new()
    {
        ForecastCount = _count,
        Errors = _errors.ToErrors(),
        ErrorsByHorizon = [.. _byHorizon.Select(sums => sums.ToErrors())],
        ErrorsBySeries = _bySeries.ToDictionary(pair => pair.Key, pair => pair.Value.ToErrors()),
        Baselines = s_baselines.Zip(_baselines).Where(pair => pair.First != "Ridge" || _hasRidge).ToDictionary(pair => pair.First, pair => pair.Second.ToErrors()),
        SeasonLength = season,
        ConfidenceLevel = confidenceLevel,
        Coverage = _interval.Coverage,
        CoverageByHorizon = confidenceLevel is null ? [] : [.. _intervalByHorizon.Select(sums => sums.Coverage)],
        MeanIntervalWidth = _interval.MeanWidth,
        MeanScaledIntervalScore = _interval.MeanScaledIntervalScore,
        MeanPinballLoss = _pinball / _pinballs,
    };

    private void AddBaselines(ReadOnlySpan<float> history, ReadOnlySpan<float> actual, double scale, ReadOnlySpan<float> ridge)
    {
        NaiveForecasts.Persistence(history, _naive);
        _baselines[0].Add(actual, _naive, scale);
        NaiveForecasts.Seasonal(history, season, _naive);
        _baselines[1].Add(actual, _naive, scale);
        NaiveForecasts.Naive2(history[Math.Max(0, history.Length - LongestHistory)..], season, _naive);
        _baselines[2].Add(actual, _naive, scale);
        if (ridge.IsEmpty)
            return;
        _hasRidge = true;
        _baselines[3].Add(actual, ridge, scale);
    }

    private void AddIntervals(ReadOnlySpan<float> actual, ReadOnlySpan<float> lower, ReadOnlySpan<float> upper, double scale)
    {
        double tail = (1 - confidenceLevel!.Value) / 2;
        for (int h = 0; h < horizon; h++)
        {
            _interval.Add(actual[h], lower[h], upper[h], scale);
            _intervalByHorizon[h].Add(actual[h], lower[h], upper[h], scale);
            double loss = (Pinball(actual[h], lower[h], tail) + Pinball(actual[h], upper[h], 1 - tail)) / 2;
            if (!double.IsFinite(loss))
                continue;
            _pinball += loss;
            _pinballs++;
        }
    }

    private static double Pinball(double actual, double quantile, double level) => Math.Max(level * (actual - quantile), (level - 1) * (actual - quantile));
}
