using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Forecasts from any row of given series: windows are scored in batches, the batches shared out among cores. A forecast has the same bits alone or among others. Thread-safe.</summary>
internal sealed class ForecastPredictor
{
    private const int BatchSize = 64;
    private readonly ForecastModel _model;
    private readonly NormalizedWindows _windows;
    private readonly (int FirstExample, int Last)[] _channels;
    private readonly IReadOnlyList<SeriesData> _series;

    /// <summary>Lays the series out as the network reads them.</summary>
    /// <param name="model">The forecaster.</param>
    /// <param name="series">The series.</param>
    /// <param name="given">The unit of each target of each series; null: that of the training, of a series not seen that of its own values.</param>
    public ForecastPredictor(ForecastModel model, IReadOnlyList<SeriesData> series, IReadOnlyList<ChannelUnit>? given = null)
    {
        (_model, _series) = (model, series);
        ForecastSettings settings = model.Settings;
        SeriesEncoder encoder = model.Encoder;
        var windows = new ForecastWindows(settings.ToShape());
        _channels = new (int, int)[series.Count * settings.TargetCount];
        var units = new ChannelUnit[_channels.Length];
        for (int channel = 0; channel < _channels.Length; channel++)
        {
            SeriesData source = series[channel / settings.TargetCount];
            int target = channel % settings.TargetCount;
            units[channel] = given?[channel] ?? encoder.UnitOf(source, target);
            ForecastSeries encoded = encoder.Encode(source, target, units[channel]);
            int last = settings.FutureSize > 0 ? Math.Min(source.KnownCount, source.RowCount - settings.Horizon) : source.KnownCount;
            int index = windows.Add(encoded);
            _channels[index] = (windows.Count, last);
            windows.AddOrigins(index, 1, last);
        }
        _windows = new NormalizedWindows(windows, settings, units);
    }

    /// <summary>The level of the intervals; null: that of the training.</summary>
    public double? ConfidenceLevel { get; init; }

    /// <summary>Forecasts beyond the trained horizon, and sample paths.</summary>
    public RecursiveForecast Recursive => new(_model, _series, (series, target) => _windows.UnitOf((series * _model.Settings.TargetCount) + target), ConfidenceLevel);

    /// <summary>Brings forecasts of the trained horizon to another: cut, or continued recursively.</summary>
    public void ToHorizon(ReadOnlySpan<(int Series, int Target, int Origin)> windows, Span<SeriesForecast> forecasts, int horizon)
    {
        if (horizon > _model.Horizon)
            Recursive.Extend(windows, forecasts, horizon);
        for (int i = 0; i < forecasts.Length && horizon < _model.Horizon; i++)
            forecasts[i] = forecasts[i] with { Values = forecasts[i].Values[..horizon], Lower = Cut(forecasts[i].Lower), Upper = Cut(forecasts[i].Upper) };

        float[] Cut(float[] bounds) => bounds.Length == 0 ? bounds : bounds[..horizon];
    }

    /// <summary>Whether there is a forecast from that many rows of a series: its future covariates must be known to the end of the horizon.</summary>
    public bool HasOrigin(int series, int origin) => origin >= 1 && origin <= _channels[series * _model.Settings.TargetCount].Last;

    /// <summary>Forecasts.</summary>
    /// <param name="windows">Which series, which target, and how many rows are known.</param>
    /// <param name="results">A forecast for each.</param>
    public void Forecast(ReadOnlyMemory<(int Series, int Target, int Origin)> windows, Memory<SeriesForecast> results)
    {
        int batches = (windows.Length + BatchSize - 1) / BatchSize;
        if (batches == 0)
            return;
        if (batches == 1)
            Run(0);
        else
            Parallel.For(0, batches, Run);

        void Run(int batch)
        {
            int start = batch * BatchSize, count = Math.Min(BatchSize, windows.Length - start);
            if (!_model.Scorers.TryPop(out EnsembleScorer? scorer))
                scorer = new EnsembleScorer(_model);
            Forecast(scorer, windows.Span.Slice(start, count), results.Span.Slice(start, count));
            _model.Scorers.Push(scorer);
        }
    }

    private void Forecast(EnsembleScorer scorer, ReadOnlySpan<(int Series, int Target, int Origin)> windows, Span<SeriesForecast> results)
    {
        Span<int> examples = stackalloc int[BatchSize];
        Span<WindowLevel> levels = stackalloc WindowLevel[BatchSize];
        examples = examples[..windows.Length];
        for (int i = 0; i < windows.Length; i++)
            examples[i] = _channels[(windows[i].Series * _model.Settings.TargetCount) + windows[i].Target].FirstExample + windows[i].Origin - 1;
        _windows.Fill(scorer.Batch, examples, levels);
        ReadOnlySpan<float> outputs = scorer.Score().Span;
        int size = outputs.Length / windows.Length;
        for (int position = 0; position < windows.Length; position++)
            results[scorer.Batch.Order[position]] = _model.ToForecast(outputs.Slice(position * size, size), levels[position], ConfidenceLevel);
    }
}
