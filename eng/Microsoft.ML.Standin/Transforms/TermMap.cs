using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The distinct values of a column, numbered from one.</summary>
internal abstract class TermMap(PrimitiveDataViewType itemType)
{
    public PrimitiveDataViewType ItemType => itemType;

    public abstract int Count { get; }

    /// <summary>A key needs a count above zero, even if there is no term.</summary>
    public KeyDataViewType KeyType => new(typeof(uint), Math.Max(Count, 1));

    public static TermMap Learn(
        IDataView data, DataViewSchema.Column column, int maximumCount, ValueToKeyMappingEstimator.KeyOrdinality order) =>
        GenericCall.Invoke<TermMap>(
            (Func<IDataView, DataViewSchema.Column, int, ValueToKeyMappingEstimator.KeyOrdinality, TermMap>)Learn<int>,
            column.Type.GetItemType().RawType, data, column, maximumCount, order);

    public static TermMap Load(BinaryReader reader)
    {
        PrimitiveDataViewType type = ValueCodec.ReadType(reader);
        return GenericCall.Invoke<TermMap>((Func<BinaryReader, PrimitiveDataViewType, TermMap>)Load<int>, type.RawType, reader, type);
    }

    public abstract void Save(BinaryWriter writer);

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool asText);

    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source);

    private static TermMap Load<T>(BinaryReader reader, PrimitiveDataViewType type) =>
        new TermMap<T>(type, ValueCodec.ReadValues<T>(reader));

    private static TermMap Learn<T>(
        IDataView data, DataViewSchema.Column column, int maximumCount, ValueToKeyMappingEstimator.KeyOrdinality order)
    {
        var seen = new HashSet<T>(TermComparer<T>.Instance);
        var terms = new List<T>();
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        Func<IEnumerable<T>> values = MakeReader<T>(cursor, column);
        while (terms.Count < maximumCount && cursor.MoveNext())
        {
            foreach (T value in values())
            {
                if (terms.Count < maximumCount && !TermComparer<T>.IsMissing(value, column.Type) && seen.Add(value))
                    terms.Add(value);
            }
        }
        if (order == ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            terms.Sort(TermComparer<T>.Compare);
        return new TermMap<T>((PrimitiveDataViewType)column.Type.GetItemType(), [.. terms]);
    }

    private static Func<IEnumerable<T>> MakeReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<T>> getMany = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> buffer = default;
            return () =>
            {
                getMany(ref buffer);
                return buffer.DenseValues();
            };
        }
        ValueGetter<T> getOne = row.GetGetter<T>(column);
        var one = new T[1];
        return () =>
        {
            getOne(ref one[0]);
            return one;
        };
    }
}
