namespace Microsoft.ML.Lstm.Sequences;

// Windows of series that several processes hold: every process knows the rows of all, and has the values of its own.
public sealed partial class ForecastWindows
{
    /// <summary>Where the values are, when not all are in this process; null: here.</summary>
    internal WindowShare? Share { get; init; }

    /// <summary>Adds a series whose values another process holds; returns its place in <see cref="Series"/>.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="id">Its number for the network.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="futureRows">Rows whose known covariates are known.</param>
    internal int AddElsewhere(string name, int id, int rows, int futureRows)
    {
        _series.Add(new ForecastSeries(name, id, default));
        _rows.Add((rows, futureRows));
        return _series.Count - 1;
    }

    /// <summary>Values of a window in a message.</summary>
    internal int ValueCount(int example)
    {
        (int series, int origin) = Window(example);
        return checked((PastRows(origin) * Shape.FeatureSize) + (AheadRows(series, origin) * Shape.TargetCount) + (Shape.Horizon * Shape.FutureSize) + Shape.StaticSize);
    }

    /// <summary>Writes a window of a series that this process holds as a message.</summary>
    internal void CopyTo(int example, Span<float> message)
    {
        (int series, int origin) = Window(example);
        WindowValues values = OfSeries(series, origin);
        Take(ref message, values.Past);
        for (int row = 0; row < AheadRows(series, origin); row++)
            Take(ref message, values.Ahead.Slice(row * values.AheadWidth, Shape.TargetCount));
        Take(ref message, values.Futures);
        Take(ref message, values.Statics);
    }

    private WindowValues ValuesOf(int example, int series, int origin) =>
        Share is null ? OfSeries(series, origin) : OfMessage(Share.Hand(example), series, origin);

    private WindowValues OfSeries(int series, int origin)
    {
        ForecastSeries source = _series[series];
        ReadOnlySpan<float> values = source.Values.Span;
        int size = Shape.FeatureSize, past = PastRows(origin);
        return new WindowValues
        {
            Past = values.Slice((origin - past) * size, past * size),
            Ahead = values.Slice(origin * size, AheadRows(series, origin) * size),
            AheadWidth = size,
            Futures = Shape.FutureSize == 0 ? default : source.Futures.Span.Slice(origin * Shape.FutureSize, Shape.Horizon * Shape.FutureSize),
            Statics = source.Statics.Span,
        };
    }

    private WindowValues OfMessage(ReadOnlySpan<float> message, int series, int origin)
    {
        int past = PastRows(origin) * Shape.FeatureSize, ahead = AheadRows(series, origin) * Shape.TargetCount, futures = Shape.Horizon * Shape.FutureSize;
        return new WindowValues
        {
            Past = message[..past],
            Ahead = message.Slice(past, ahead),
            AheadWidth = Shape.TargetCount,
            Futures = message.Slice(past + ahead, futures),
            Statics = message[(past + ahead + futures)..],
        };
    }

    private int PastRows(int origin) => Math.Min(origin, Shape.WindowLength);

    private int AheadRows(int series, int origin) => Math.Min(Shape.Horizon, Rows(series) - origin);

    private static void Take(ref Span<float> message, ReadOnlySpan<float> values)
    {
        values.CopyTo(message);
        message = message[values.Length..];
    }
}
