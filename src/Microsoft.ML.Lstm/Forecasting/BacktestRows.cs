using Microsoft.ML.Lstm.Baselines;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Gathers a backtest's rows.</summary>
internal sealed class BacktestRows(BacktestColumns columns, TimeStep? step, int season)
{
    private readonly List<BacktestForecast> _rows = [];
    private readonly float[] _persistence = new float[columns.Horizon], _seasonal = new float[columns.Horizon], _naive2 = new float[columns.Horizon];

    /// <summary>The rows so far.</summary>
    public IReadOnlyList<BacktestForecast> All => _rows;

    /// <summary>Adds the steps of one forecast.</summary>
    public void Add(SeriesData series, int target, int origin, SeriesForecast forecast, float[] ridge)
    {
        ReadOnlySpan<float> history = series.Targets[target].AsSpan(0, origin);
        NaiveForecasts.Persistence(history, _persistence);
        NaiveForecasts.Seasonal(history, season, _seasonal);
        NaiveForecasts.Naive2(history[Math.Max(0, history.Length - ForecastEvaluator.LongestHistory)..], season, _naive2);
        for (int h = 0; h < columns.Horizon; h++)
            _rows.Add(new BacktestForecast
            {
                Series = series.Name,
                Target = columns.Labels[target],
                Origin = origin,
                OriginTime = TimeOf(series, origin - 1),
                Step = h + 1,
                Time = TimeOf(series, origin + h),
                Actual = series.Targets[target][origin + h],
                Forecast = forecast.Values[h],
                LowerBound = forecast.Lower.Length > 0 ? forecast.Lower[h] : float.NaN,
                UpperBound = forecast.Upper.Length > 0 ? forecast.Upper[h] : float.NaN,
                Persistence = _persistence[h],
                SeasonalNaive = _seasonal[h],
                Naive2 = _naive2[h],
                Ridge = ridge.Length > 0 ? ridge[h] : float.NaN,
            });
    }

    private DateTime TimeOf(SeriesData series, int row) => series.Times.Length == 0 ? default
        : row < series.Times.Length ? series.Times[row]
        : step!.Value.Add(series.Times[^1], row - series.Times.Length + 1);
}
