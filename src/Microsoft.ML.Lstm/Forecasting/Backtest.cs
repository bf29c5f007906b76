using Microsoft.ML.Lstm.Validation;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Forecasts from several origins of each series, counted back from its end, by models that were trained on the rows before them alone, and compares with what came.
/// </summary>
internal sealed class Backtest
{
    private readonly IHost _host;
    private readonly IDataView _data;
    private readonly IEstimator<ITransformer> _forecaster;
    private readonly BacktestOptions _options;
    private readonly BacktestColumns _columns;
    private readonly SeriesTable _table;
    private readonly int _stride, _season;
    private readonly ConcurrentDictionary<int, RidgeBaseline?> _ridges = new();
    private int _done;

    /// <summary>Reads the series.</summary>
    /// <param name="environment">Where it runs.</param>
    /// <param name="data">The rows.</param>
    /// <param name="forecaster">The forecaster.</param>
    /// <param name="options">The options.</param>
    /// <param name="table">The series of <paramref name="data"/>, where they have been read; null: they are read.</param>
    /// <exception cref="ArgumentException">Options, columns and forecaster do not fit together.</exception>
    /// <exception cref="InvalidOperationException">No series has rows enough.</exception>
    public Backtest(IHostEnvironment environment, IDataView data, IEstimator<ITransformer> forecaster, BacktestOptions options, SeriesTable? table = null)
    {
        options.Validate();
        _host = environment.Register(nameof(Backtest));
        var lstm = forecaster as LstmForecaster;
        Guard.Require(lstm?.Distribution is not { Group.Size: > 1, Data: DistributedData.Own }, nameof(DistributedData), DistributedData.Own,
            $"{DistributedData.All} or {DistributedData.Share}: a backtest forecasts all series in each process");
        (_data, _forecaster, _options, _columns) = (data, forecaster, options, BacktestColumns.Of(options, lstm));
        ForecastInput input = lstm?.Names.Find(_host, data.Schema) ?? new ForecastInput { Targets = _columns.Labels, Group = _columns.Group, Time = _columns.Time };
        _table = table ?? new SeriesReader(_host, input, data.Schema, lstm?.Step).Read(data, options.CancellationToken);
        _stride = options.Stride ?? _columns.Horizon;
        SeriesData? longest = _table.Series.MaxBy(series => series.KnownCount);
        long needed = 1L + _columns.Horizon + ((options.NumberOfOrigins - 1L) * _stride) + options.RowsAfter;
        if (longest is null || longest.KnownCount < needed)
            throw _host.Process(new InvalidOperationException(Invariant(
                $"The longest series{(longest is null or { Name: "" } ? "" : Invariant($", '{longest.Name}',"))} has {longest?.KnownCount ?? 0} rows; expected at least {needed}: one to train on, {Plural.Of(options.NumberOfOrigins, "origin")} {_stride} apart, and the horizon ({_columns.Horizon}).")));
        _season = _columns.Season ?? Season.OfMost(
            _table.Series.Select(series => new ReadOnlyMemory<float>(series.Targets[0], 0, Math.Max(0, OriginOf(series, 0)))), _table.Step?.Cycles());
    }

    /// <summary>The season's length in rows that baselines and scaled errors are of.</summary>
    public int SeasonLength => _season;

    /// <summary>Rows before the first origin of the longest series.</summary>
    public int LongestTraining => _table.Series.Max(series => TrainRange(series, 0) is var (first, end) ? end - first : 0);

    /// <summary>Trains and forecasts.</summary>
    public BacktestResult Run() => Run(_forecaster, _options.CancellationToken);

    /// <summary>Does the same with another forecaster of the same columns and horizon.</summary>
    /// <param name="forecaster">The forecaster.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public BacktestResult Run(IEstimator<ITransformer> forecaster, CancellationToken cancellationToken)
    {
        _done = 0;
        using var cancellation = new HostCancellation(_host, cancellationToken);
        using IProgressChannel progress = _host.StartProgressChannel("Backtest");
        int every = _options.RefitEvery ?? _options.NumberOfOrigins, allFits = (_options.NumberOfOrigins + every - 1) / every;
        (int start, int end) = _options.RefitEvery is null ? _options.Shard.Range(_options.NumberOfOrigins)
            : OriginsOf(_options.Shard.Range(allFits), every);
        int firstFit = start / every, fits = start == end ? 0 : ((end - 1) / every) - firstFit + 1;
        progress.SetHeader(new ProgressHeader(["origins"]), entry => entry.SetProgress(0, _done, end - start));
        var models = new ITransformer[fits];
        var folds = new OriginForecasts[_options.NumberOfOrigins];
        int parallel = _options.NumberOfParallelFits ?? (forecaster is LstmForecaster && !_options.WarmStart ? Math.Clamp(fits, 1, Environment.ProcessorCount) : 1);
        int? threads = parallel > 1 ? Math.Max(1, Environment.ProcessorCount / parallel) : null;
        var gate = new object();
        ForEachFit(fits, parallel, fit =>
        {
            cancellation.Look();
            cancellation.Token.ThrowIfCancellationRequested();
            int first = (firstFit + fit) * every;
            ITransformer? before = _options.WarmStart && fit > 0 ? models[fit - 1] : null;
            models[fit] = Fit(forecaster, first, (LstmForecastingTransformer?)before, threads, cancellation.Token);
            RidgeBaseline? ridge = _ridges.GetOrAdd(first, RidgeOf);
            OriginForecaster origins = OriginForecaster.Of(models[fit], _data, _table, _columns);
            for (int k = Math.Max(start, first); k < Math.Min(end, first + every); k++)
            {
                cancellation.Token.ThrowIfCancellationRequested();
                folds[k] = origins.Forecast([.. _table.Series.Select(series => OriginOf(series, k))], ridge);
                lock (gate)
                    _options.OriginDone?.Invoke(new BacktestProgress(++_done, end - start));
            }
        });
        return Compare(folds, start, end, models);
    }

    private (int Start, int End) OriginsOf((int Start, int End) fits, int every) =>
        (fits.Start * every, Math.Min(fits.End * every, _options.NumberOfOrigins));

    // One after the other in their order, since a warm start needs the model before; or side by side, and then the first error is thrown as it is.
    private static void ForEachFit(int fits, int parallel, Action<int> run)
    {
        if (parallel == 1)
        {
            for (int fit = 0; fit < fits; fit++)
                run(fit);
            return;
        }
        try
        {
            Parallel.For(0, fits, new ParallelOptions { MaxDegreeOfParallelism = parallel }, run);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
    }

    /// <summary>Rows of a series that an origin knows; less than 1 where the series is too short for it.</summary>
    private int OriginOf(SeriesData series, int origin) => (int)Math.Max(
        0, series.KnownCount - _columns.Horizon - _options.RowsAfter - ((_options.NumberOfOrigins - 1L - origin) * _stride));

    /// <summary>The rows that a model is trained on before an origin.</summary>
    /// <param name="origin">The origin, from 0, the earliest.</param>
    public IDataView TrainingRows(int origin)
    {
        (int First, int End)[] ranges = [.. _table.Series.Select(series => TrainRange(series, origin))];
        return new RowSelectionView(_data, row => _table.RowPlaces[row] is var place && ranges[_table.RowSeries[row]] is var range && place >= range.First && place < range.End);
    }

    // Of several processes each may have origins of its own, and fits run side by side: none waits for another process.
    private ITransformer Fit(IEstimator<ITransformer> forecaster, int origin, LstmForecastingTransformer? before, int? threads, CancellationToken cancellationToken)
    {
        IDataView train = TrainingRows(origin);
        return forecaster is LstmForecaster lstm ? lstm.Fit(train, before, cancellationToken, threads, isAlone: true) : forecaster.Fit(train);
    }

    private (int First, int End) TrainRange(SeriesData series, int origin)
    {
        int end = OriginOf(series, origin);
        return (Math.Max(0, end - (_options.MaximumTrainRows ?? end)), end);
    }

    private RidgeBaseline? RidgeOf(int origin)
    {
        var known = new Dictionary<string, float[]>();
        foreach (SeriesData series in _table.Series)
            for (int target = 0; target < series.Targets.Length; target++)
                if (TrainRange(series, origin) is var (first, end) && end > first)
                    known.Add(NameOf(series, target), series.Targets[target][first..end]);
        return RidgeBaseline.Fit(known, _season, _columns.Horizon);
    }

    private string NameOf(SeriesData series, int target) =>
        _columns.Labels.Count == 1 ? series.Name : series.Name.Length == 0 ? _columns.Labels[target] : Invariant($"{series.Name}, {_columns.Labels[target]}");

    private BacktestResult Compare(OriginForecasts[] folds, int start, int end, ITransformer[] models)
    {
        int horizon = _columns.Horizon;
        var evaluator = new ForecastEvaluator(horizon, _season, _columns.Outputs.LowerBound is null ? null : _columns.Level);
        var rows = new BacktestRows(_columns, _table.Step, _season);
        for (int k = start; k < end; k++)
            for (int s = 0; s < _table.Series.Count; s++)
                for (int target = 0; target < _columns.Labels.Count; target++)
                {
                    SeriesData series = _table.Series[s];
                    int origin = OriginOf(series, k);
                    if (origin < 1)
                        continue;
                    float[] values = series.Targets[target];
                    SeriesForecast forecast = folds[k].Forecasts[(s * _columns.Labels.Count) + target];
                    float[] ridge = folds[k].Ridge is { } linear ? new float[horizon] : [];
                    if (ridge.Length > 0 && !folds[k].Ridge!.TryForecast(values.AsSpan(0, origin), NameOf(series, target), ridge))
                        Array.Fill(ridge, float.NaN);
                    double scale = Season.NaiveError(values.AsSpan(0, Math.Max(1, OriginOf(series, 0))), _season);
                    evaluator.Add(NameOf(series, target), values.AsSpan(0, origin), values.AsSpan(origin, horizon), forecast.Values, scale, forecast.Lower, forecast.Upper, ridge);
                    rows.Add(series, target, origin, forecast, ridge);
                }
        return new BacktestResult(rows.All, evaluator.ToMetrics(), models);
    }
}
