using Microsoft.ML.Lstm.Forecasting;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>
/// One series that arrives row by row, and what a forecaster says of its future after each: the forecasts have the bits of <c>Transform</c> over all rows at once. Made by
/// <see cref="ForecastModel.CreateSession"/>. Needs neither ML.NET nor anything native. One caller at a time; the model is shared by any number of sessions.
/// </summary>
/// <remarks>
/// <para><b>What a row costs.</b> <see cref="Append(ForecastRow)"/> copies the row and runs no network. <see cref="Forecast(IReadOnlyList{ForecastRow}?, int?, double?, string?)"/> reads the window
/// anew: ⌈window / segment⌉ steps of the recurrent network, and one for each segment of the horizon. The network's state cannot be carried from one row to the next: each window is taken relative
/// to its last value (and, with <c>ScaleByWindow</c>, its spread), which every row changes, so all inputs of all segments change with it; and segments end at the last row, so that they are cut at
/// other places too. What is saved is all the rest: no window is laid out but the one asked for, and rows without a forecast cost no network at all.</para>
/// <para><b>What is kept.</b> The latest rows, at most the window's. A series that was not trained on is measured in a unit of its own, taken from the rows held (<c>Transform</c> takes all rows given).</para>
/// </remarks>
/// <example>
/// <code>
/// ForecastSession session = ForecastModel.Load("forecaster.zip").CreateSession();
/// foreach (float value in new float[] { 20.1f, 20.4f, 20.9f })
///     session.Append(value);
/// Console.WriteLine(session.Forecast().Values[0]);
/// session.Save("series.safetensors");
/// </code>
/// </example>
public sealed partial class ForecastSession
{
    private readonly SeriesWindow _rows;
    private readonly float[] _statics;
    private DateTime? _order;

    internal ForecastSession(ForecastModel model, string series, float[] statics, SeriesWindow? rows = null, DateTime? order = null)
    {
        (Model, Series, _statics, _order) = (model, series, statics, order);
        _rows = rows ?? new SeriesWindow(WidthOf(model), model.WindowLength, model.Settings.Step is not null);
    }

    /// <summary>The forecaster.</summary>
    public ForecastModel Model { get; }

    /// <summary>The name of the series.</summary>
    public string Series { get; }

    /// <summary>Rows held, those among them that were missing included; at most the forecaster's window.</summary>
    public int RowCount => _rows.Count;

    /// <summary>When the latest row is from; null without rows, or if the forecaster has no time column.</summary>
    public DateTime? LastTime => _rows.Times.IsEmpty ? null : _rows.Times[^1];

    internal static int WidthOf(ForecastModel model) => model.Settings.TargetCount + model.Settings.PastSize + model.Settings.FutureSize;

    /// <summary>Takes the next value of a series of one target without covariates.</summary>
    /// <param name="value">The value; NaN is missing.</param>
    /// <param name="time">When it is from; null: a step after the value before.</param>
    /// <exception cref="ArgumentException">The forecaster has several targets or covariates.</exception>
    /// <exception cref="InvalidOperationException">The time does not come a whole number of steps after that of the row before, or none is given for the first row.</exception>
    public void Append(float value, DateTime? time = null) => Append(new ForecastRow { Targets = [value], Time = time });

    /// <summary>Takes the next row. Where its time lies several steps after the row before, the rows between are missing.</summary>
    /// <param name="row">The row.</param>
    /// <exception cref="ArgumentException">It has not as many values as the forecaster reads.</exception>
    /// <exception cref="InvalidOperationException">
    /// The time does not come a whole number of steps after that of the row before; or none is given for the first row, or where no date is left for it. The row is not taken.
    /// </exception>
    public void Append(ForecastRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        Append(row, row.Time);
    }

    /// <summary>Takes the next row.</summary>
    /// <param name="row">The row, its time on the clock.</param>
    /// <param name="order">The time that orders rows; not the clock's where clocks are set back.</param>
    internal void Append(ForecastRow row, DateTime? order)
    {
        ForecastSettings settings = Model.Settings;
        RequireCount(row.Targets, settings.TargetCount, nameof(row.Targets));
        RequireCount(row.PastCovariates, settings.PastSize, nameof(row.PastCovariates));
        RequireCount(row.FutureCovariates, settings.FutureSize, nameof(row.FutureCovariates));
        DateTime time = default;
        if (settings.Step is not null)
            (time, _order) = Advance(row.Time, order);
        Span<float> covariates = Take(row.Targets, time);
        ReadOnlySpan<float> before = _rows.Count > 1 ? _rows.Values[^(2 * WidthOf(Model))..^WidthOf(Model)][settings.TargetCount..] : [];
        for (int c = 0; c < covariates.Length; c++)
        {
            float value = c < settings.PastSize ? row.PastCovariates[c] : row.FutureCovariates[c - settings.PastSize];
            covariates[c] = float.IsFinite(value) || before.IsEmpty ? value : before[c];
        }
    }

    /// <summary>A session of its own with the same rows: what either is told from now on the other does not know, so that futures can be branched.</summary>
    public ForecastSession Fork() => Fork(Model);

    /// <summary>The same, read by the same forecaster in another precision.</summary>
    internal ForecastSession Fork(ForecastModel model) => new(model, Series, _statics, _rows.Copy(), _order);

    /// <summary>Forecasts the rows after the latest one.</summary>
    /// <param name="future">
    /// What is known of the rows of the horizon: needed exactly when the forecaster reads covariates of the future, <see cref="ForecastModel.Horizon"/> rows of them, or as many such horizons
    /// as <paramref name="horizon"/> begins.
    /// </param>
    /// <param name="horizon">
    /// Rows to forecast. Range: 1 to <see cref="ForecastModel.Horizon"/>; beyond it where <see cref="ForecastModel.IsVariableHorizon"/>, by feeding the medians back as <c>Transform</c> does.
    /// Null: <see cref="ForecastModel.Horizon"/>.
    /// </param>
    /// <param name="confidenceLevel">The level of the interval. Range: (0, 1). Null: that of the training.</param>
    /// <param name="target">Which target column; null: the first.</param>
    /// <exception cref="ArgumentException">There are too few rows of the future, or an argument is out of its range.</exception>
    /// <exception cref="InvalidOperationException">
    /// No value is known yet; or another level is asked for of a forecaster without intervals; or the calendar is read of days after the year 9999.
    /// </exception>
    public ForecastResult Forecast(IReadOnlyList<ForecastRow>? future = null, int? horizon = null, double? confidenceLevel = null, string? target = null)
    {
        Model.RequireHorizon(horizon ?? Model.Horizon);
        int index = Model.TargetIndex(target);
        if (!HasKnownValue(index))
            throw new InvalidOperationException(Invariant($"Series '{Series}' has no known value in its {RowCount} rows; expected at least one to forecast from."));
        SeriesForecast forecast = Forecast(index, future, horizon ?? Model.Horizon, confidenceLevel);
        return new ForecastResult(forecast.Values, forecast.Lower, forecast.Upper);
    }

    /// <summary>Whether a target's value is known in any row held.</summary>
    internal bool HasKnownValue(int target)
    {
        int width = WidthOf(Model);
        ReadOnlySpan<float> values = _rows.Values;
        for (int at = values.Length - width + target; at >= 0; at -= width)
            if (float.IsFinite(values[at]))
                return true;
        return false;
    }

    /// <summary>The forecast of a target.</summary>
    internal SeriesForecast Forecast(int target, IReadOnlyList<ForecastRow>? future, int horizon, double? confidenceLevel)
    {
        if (confidenceLevel is { } level)
            Model.RequireLevel(level);
        var predictor = new ForecastPredictor(Model, [ToSeries(future, horizon)]) { ConfidenceLevel = confidenceLevel };
        var results = new SeriesForecast[1];
        (int, int, int)[] windows = [(0, target, RowCount)];
        predictor.Forecast(windows, results);
        predictor.ToHorizon(windows, results, horizon);
        return results[0];
    }

    /// <summary>The rows held, and those of the future after them, as a series.</summary>
    /// <param name="future">What is known of the rows of the horizon.</param>
    /// <param name="horizon">Rows to forecast.</param>
    internal SeriesData ToSeries(IReadOnlyList<ForecastRow>? future, int horizon)
    {
        ForecastSettings settings = Model.Settings;
        int ahead = settings.FutureSize > 0 ? Model.RowsAhead(horizon) : 0, firstFuture = settings.TargetCount + settings.PastSize;
        Require((future?.Count ?? 0) >= ahead, nameof(future), Invariant($"{future?.Count ?? 0} rows"), $"{Model.SaidOfRowsAhead(horizon)}, since the forecaster reads covariates of the future");
        float[][] columns = [.. Enumerable.Range(0, WidthOf(Model)).Select(column => _rows.Column(column, ahead))];
        for (int row = 0; row < ahead; row++)
        {
            RequireCount(future![row].FutureCovariates, settings.FutureSize, nameof(ForecastRow.FutureCovariates));
            for (int c = 0; c < settings.FutureSize; c++)
                columns[firstFuture + c][RowCount + row] = future[row].FutureCovariates[c];
        }
        return new SeriesData
        {
            Name = Series,
            Times = _rows.Times.ToArray(),
            Targets = columns[..settings.TargetCount],
            Past = columns[settings.TargetCount..firstFuture],
            Future = columns[firstFuture..],
            Statics = _statics,
            PassedCount = RowCount,
        };
    }

    // The targets of a row, and its covariates to be written.
    private Span<float> Take(IReadOnlyList<float> targets, DateTime time)
    {
        Span<float> to = _rows.Append(time);
        for (int t = 0; t < targets.Count; t++)
            to[t] = float.IsFinite(targets[t]) ? targets[t] : float.NaN;
        return to[targets.Count..];
    }

    /// <summary>Takes the rows that are missing before the row of a time; of a forecaster with times.</summary>
    /// <param name="clock">The row's time on the clock; null: a step after the row before.</param>
    /// <param name="order">The time that orders rows; null: that on the clock.</param>
    /// <returns>Both times of the row.</returns>
    /// <exception cref="InvalidOperationException">The time does not come a whole number of steps after that of the row before.</exception>
    internal (DateTime Clock, DateTime Order) Advance(DateTime? clock, DateTime? order)
    {
        TimeStep step = Model.Settings.Step!.Value;
        order ??= clock;
        if (_rows.Count == 0)
            return (clock, order) is ({ } first, { } firstOrder) ? (first, firstOrder) : throw new InvalidOperationException(Invariant(
                $"The first row of series '{Series}' has no time; expected one, since the forecaster's rows are {step} apart."));
        DateTime last = _rows.Times[^1];
        bool hasNext = step.TryAdd(last, 1, out DateTime next) & step.TryAdd(_order!.Value, 1, out DateTime nextOrder);
        if (!hasNext && (clock is null || order is null))
            throw new InvalidOperationException(Invariant($"The latest row of series '{Series}' is from {last:yyyy-MM-dd HH:mm:ss}; expected one before the last {step} that dates have, so that another can follow."));
        DateTime time = clock ?? next, ordered = order ?? nextOrder;
        bool fits = step.TryCount(_order.Value, ordered, out int steps) && steps >= 1;
        fits |= ordered > _order && !fits && step.TryCount(last, time, out steps) && steps >= 1;
        int missing = Math.Min(steps - 1, Model.WindowLength);
        DateTime[] times = new DateTime[Math.Max(0, missing)];
        for (int i = 0; i < times.Length && fits; i++)
            fits = step.TryAdd(i == 0 ? last : times[i - 1], i == 0 ? steps - missing : 1, out times[i]);
        if (!fits || !step.TryAdd(ordered, -1, out DateTime before))
            throw new InvalidOperationException(Invariant(
                $"A row of series '{Series}' is from {time:yyyy-MM-dd HH:mm:ss}, after one from {last:yyyy-MM-dd HH:mm:ss}; expected {step} or several of it later."));
        foreach (DateTime gap in times)
            TakeMissing(gap);
        if (missing > 0)
            _order = before;
        return (time, ordered);
    }

    // Covariates stand as they were.
    private void TakeMissing(DateTime time)
    {
        float[] before = _rows.Last.ToArray();
        Span<float> row = _rows.Append(time);
        before.CopyTo(row);
        row[..Model.Settings.TargetCount].Fill(float.NaN);
    }

    private void RequireCount(IReadOnlyList<float> values, int expected, string name) =>
        Require(values.Count == expected, name, Invariant($"{values.Count} values"), $"{expected}, as the forecaster reads of series '{Series}'");
}
