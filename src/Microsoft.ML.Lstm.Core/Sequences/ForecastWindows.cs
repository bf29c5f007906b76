using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Windows over many series, each by its series and its origin, the first row to forecast. Nothing is materialised: the series' values are the
/// caller's, held once, and ranges of origins cost a few numbers, so a thousand series of a thousand rows cost their values alone.
/// <para>A window is what lies up to <see cref="ForecastShape.WindowLength"/> rows before its origin, in segments that end there. Where it is no whole number
/// of segments the first begins with rows of zeros, which <see cref="SequenceBatch.Padding"/> counts; the rest of a shorter window is not there at all.
/// Targets beyond a series' end are NaN, that is, missing. Adding is not thread-safe; reading is.</para>
/// </summary>
public sealed partial class ForecastWindows : IExampleSource
{
    private readonly List<ForecastSeries> _series = [];
    private readonly List<(int Values, int Futures)> _rows = [];
    private readonly List<OriginRange> _ranges = [];
    private readonly Dictionary<int, int> _firstOrigins = [];

    /// <summary>Creates windows of a geometry, none as yet.</summary>
    /// <exception cref="ArgumentException">The shape's parts do not fit together.</exception>
    public ForecastWindows(ForecastShape shape)
    {
        shape.Validate();
        Shape = shape;
    }

    /// <summary>The windows' geometry.</summary>
    public ForecastShape Shape { get; }

    /// <summary>Number of windows.</summary>
    public int Count { get; private set; }

    /// <summary>The series, in the order in which they were added.</summary>
    public IReadOnlyList<ForecastSeries> Series => _series;

    /// <summary>Adds a series, and no window of it yet; returns its place in <see cref="Series"/>.</summary>
    /// <exception cref="ArgumentException">Values or covariates are not as many as the shape says; names the series.</exception>
    public int Add(ForecastSeries series)
    {
        int rows = series.Values.Length / Shape.FeatureSize;
        Require(series, rows > 0 && series.Values.Length % Shape.FeatureSize == 0, series.Values.Length, "values", $"one or more rows of {Shape.FeatureSize}");
        Require(series, series.Statics.Length == Shape.StaticSize, series.Statics.Length, "static covariates", $"{Shape.StaticSize}");
        Require(series, series.Futures.Length >= (long)rows * Shape.FutureSize && (Shape.FutureSize == 0 ? series.Futures.IsEmpty : series.Futures.Length % Shape.FutureSize == 0),
            series.Futures.Length, "future covariates", $"{rows} or more rows of {Shape.FutureSize}");
        Require(series, series.Id >= 0, series.Id, "as its id", "0 or more");
        _series.Add(series);
        _rows.Add((rows, Shape.FutureSize == 0 ? 0 : series.Futures.Length / Shape.FutureSize));
        return _series.Count - 1;
    }

    /// <summary>Rows of a series.</summary>
    public int Rows(int series) => _rows[series].Values;

    /// <summary>Adds the windows of a series whose origins are every <paramref name="stride"/>-th row of first … last.</summary>
    /// <param name="series">Place of the series.</param>
    /// <param name="first">First origin; at least 1, so that there is a past.</param>
    /// <param name="last">Last origin, at most the series' number of rows: that forecasts beyond its end. No window is added when it is below <paramref name="first"/>.</param>
    /// <param name="stride">Rows from one origin to the next.</param>
    /// <exception cref="ArgumentException">There are no such rows; known covariates end before the last horizon does; or there are more windows than an int counts.</exception>
    public void AddOrigins(int series, int first, int last, int stride = 1)
    {
        ForecastSeries source = _series[series];
        if (last < first)
            return;
        Require(source, first >= 1, first, "as the first origin", "1 or more");
        Require(source, last <= Rows(series), last, "as the last origin", $"at most {Rows(series)}, its number of rows");
        Require(source, stride >= 1, stride, "as the stride of its origins", "1 or more");
        long known = Shape.FutureSize == 0 ? long.MaxValue : _rows[series].Futures;
        Require(source, known >= (long)last + Shape.Horizon, known, "rows of future covariates", $"{(long)last + Shape.Horizon}, up to the end of the last horizon");
        int count = ((last - first) / stride) + 1;
        Require(source, count <= int.MaxValue - Count, (long)Count + count, "windows together with those before", $"at most {int.MaxValue}");
        _ranges.Add(new OriginRange(Count, series, first, stride));
        _firstOrigins[series] = Math.Min(first, _firstOrigins.GetValueOrDefault(series, int.MaxValue));
        Count += count;
    }

    /// <summary>The earliest origin of a series' windows; null if it has none.</summary>
    internal int? FirstOrigin(int series) => _firstOrigins.TryGetValue(series, out int origin) ? origin : null;

    /// <summary>The series and the origin of a window.</summary>
    public (int Series, int Origin) Window(int example)
    {
        if ((uint)example >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(example), Invariant($"A window is {example}; expected 0 to {Count - 1}."));
        ReadOnlySpan<OriginRange> ranges = CollectionsMarshal.AsSpan(_ranges);
        int low = 0, high = ranges.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = ranges[middle].FirstExample <= example ? (middle, high) : (low, middle - 1);
        }
        return (ranges[low].Series, ranges[low].FirstOrigin + ((example - ranges[low].FirstExample) * ranges[low].Stride));
    }

    /// <inheritdoc/>
    public long StepCount => Enumerable.Range(0, Count).Sum(example => (long)Length(example));

    /// <summary>Segments of a window.</summary>
    public int Length(int example) => Segments(Window(example).Origin);

    /// <inheritdoc/>
    public void Fill(SequenceBatch batch, ReadOnlySpan<int> examples)
    {
        Begin(batch, examples);
        for (int position = 0; position < examples.Length; position++)
            Place(batch, position, examples[batch.Order[position]]);
    }

    /// <summary>Gives a batch its lengths and order; each of its positions is then to be placed.</summary>
    internal void Begin(SequenceBatch batch, ReadOnlySpan<int> examples)
    {
        Span<int> lengths = examples.Length <= 1024 ? stackalloc int[examples.Length] : new int[examples.Length];
        for (int i = 0; i < examples.Length; i++)
            lengths[i] = Length(examples[i]);
        batch.Reset(lengths, Shape.SegmentLength * Shape.FeatureSize, targetSize: Shape.Horizon * Shape.TargetCount);
        batch.SetCovariates(Shape.HasSeries, Shape.StaticSize, Shape.Horizon * Shape.FutureSize);
        batch.SkipsMissingTargets = true;
    }

    /// <summary>Places a window in a batch; positions are independent of each other, so several threads may do it.</summary>
    internal void Place(SequenceBatch batch, int position, int example)
    {
        (int series, int origin) = Window(example);
        WindowValues values = ValuesOf(example, series, origin);
        PlacePast(batch, position, values.Past);
        PlaceTargets(batch, position, values);
        if (Shape.HasSeries)
            batch.Series[position] = _series[series].Id;
        values.Statics.CopyTo(batch.Statics[(position * Shape.StaticSize)..]);
        values.Futures.CopyTo(batch.Futures[(position * batch.FutureSize)..]);
    }

    private int Segments(int origin) => (PastRows(origin) + Shape.SegmentLength - 1) / Shape.SegmentLength;

    private void PlacePast(SequenceBatch batch, int position, ReadOnlySpan<float> values)
    {
        int width = batch.FeatureSize, steps = batch.Lengths[position];
        // What a partial first segment lacks is zero, as if the window began later.
        int padding = (steps * Shape.SegmentLength) - (values.Length / Shape.FeatureSize);
        batch.Padding[position] = padding;
        for (int step = steps - 1; step >= 0; step--)
        {
            Span<float> to = batch.Features.Slice(batch.Row(position, step) * width, width);
            int missing = step == 0 ? padding * Shape.FeatureSize : 0;
            to[..missing].Clear();
            values[^(width - missing)..].CopyTo(to[missing..]);
            values = values[..^(width - missing)];
        }
    }

    private void PlaceTargets(SequenceBatch batch, int position, WindowValues values)
    {
        Span<float> targets = batch.Targets.Slice(position * batch.TargetSize, batch.TargetSize);
        int there = values.Ahead.Length / values.AheadWidth;
        for (int step = 0; step < there; step++)
            values.Ahead.Slice(step * values.AheadWidth, Shape.TargetCount).CopyTo(targets[(step * Shape.TargetCount)..]);
        targets[(there * Shape.TargetCount)..].Fill(float.NaN);
    }

    private static void Require(ForecastSeries series, bool holds, long found, string what, string expected)
    {
        if (!holds)
            throw new ArgumentException(Invariant($"Series '{series.Name}' has {found} {what}; expected {expected}."), nameof(series));
    }

    /// <summary>Consecutive windows of one series.</summary>
    private readonly record struct OriginRange(int FirstExample, int Series, int FirstOrigin, int Stride);
}
