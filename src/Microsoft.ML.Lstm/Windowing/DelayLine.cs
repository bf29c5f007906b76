using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Holds back a column's values, series by series, until the label's rows after them have been read.</summary>
internal interface IDelayLine
{
    /// <summary>Keeps the value of the row that the source is at.</summary>
    /// <param name="series">Its series.</param>
    /// <param name="count">Rows of the series, this one included.</param>
    void Record(int series, long count);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the value held back the longest in the series last recorded.</summary>
    Delegate Getter { get; }
}

/// <summary>Copies a value so that the copy shares nothing with it.</summary>
internal delegate void CopyValue<T>(in T source, ref T destination);

/// <summary>A delay line of one type of values.</summary>
internal sealed class DelayLine<T> : IDelayLine
{
    private readonly ValueGetter<T> _source;
    private readonly CopyValue<T> _copy;
    private readonly int _delay;
    private readonly List<T[]> _kept = [];
    private int _series;
    private long _count;

    public DelayLine(ValueGetter<T> source, CopyValue<T> copy, int delay)
    {
        (_source, _copy, _delay) = (source, copy, delay);
        Getter = (ValueGetter<T>)Get;
    }

    public Delegate Getter { get; }

    public void Record(int series, long count)
    {
        while (_kept.Count <= series)
            _kept.Add(new T[_delay + 1]);
        _source(ref _kept[series][(count - 1) % (_delay + 1)]);
        (_series, _count) = (series, count);
    }

    private void Get(ref T value) => _copy(in _kept[_series][(_count - 1 - _delay) % (_delay + 1)], ref value);
}

/// <summary>Opens a <see cref="DelayLine{T}"/> of a column's own type.</summary>
internal static class DelayLine
{
    public static IDelayLine Open(DataViewRow row, DataViewSchema.Column column, int delay)
    {
        (string method, Type type) = column.Type is VectorDataViewType vector
            ? (nameof(OfVectors), vector.ItemType.RawType)
            : (nameof(OfValues), column.Type.RawType);
        return (IDelayLine)typeof(DelayLine).GetMethod(method, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [row, column, delay])!;
    }

    private static DelayLine<T> OfValues<T>(DataViewRow row, DataViewSchema.Column column, int delay) =>
        new(row.GetGetter<T>(column), (in T source, ref T destination) => destination = source, delay);

    private static DelayLine<VBuffer<T>> OfVectors<T>(DataViewRow row, DataViewSchema.Column column, int delay) =>
        new(row.GetGetter<VBuffer<T>>(column), (in VBuffer<T> source, ref VBuffer<T> destination) => source.CopyTo(ref destination), delay);
}
