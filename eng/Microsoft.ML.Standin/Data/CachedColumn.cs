namespace Microsoft.ML.Data;

/// <summary>All values of one column, gathered from a cursor.</summary>
internal abstract class CachedColumn
{
    /// <summary>The row that the getters of a cursor are to read.</summary>
    public interface IRow
    {
        int Row { get; }
    }

    public static CachedColumn Create(DataViewRow source, DataViewSchema.Column column)
    {
        Type kind = column.Type is VectorDataViewType vector
            ? typeof(Vectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(Scalars<>).MakeGenericType(column.Type.RawType);
        return (CachedColumn)Activator.CreateInstance(kind, source, column);
    }

    public abstract void Add();

    public abstract Delegate Getter(IRow row);

    private sealed class Scalars<T>(DataViewRow source, DataViewSchema.Column column) : CachedColumn
    {
        private readonly List<T> _values = [];
        private readonly ValueGetter<T> _source = source.GetGetter<T>(column);

        public override void Add()
        {
            T value = default;
            _source(ref value);
            _values.Add(value);
        }

        public override Delegate Getter(IRow row) => (ValueGetter<T>)((ref T value) => value = _values[row.Row]);
    }

    private sealed class Vectors<T>(DataViewRow source, DataViewSchema.Column column) : CachedColumn
    {
        private readonly List<VBuffer<T>> _values = [];
        private readonly ValueGetter<VBuffer<T>> _source = source.GetGetter<VBuffer<T>>(column);
        private VBuffer<T> _read;

        public override void Add()
        {
            _source(ref _read);
            VBuffer<T> kept = default;
            _read.CopyTo(ref kept);
            _values.Add(kept);
        }

        public override Delegate Getter(IRow row) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[row.Row].CopyTo(ref value));
    }
}
