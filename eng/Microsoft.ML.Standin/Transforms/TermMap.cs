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

    public static TermMap Learn(IDataView data, DataViewSchema.Column column, int maximumCount, ValueToKeyMappingEstimator.KeyOrdinality order) =>
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

    private static TermMap Learn<T>(IDataView data, DataViewSchema.Column column, int maximumCount, ValueToKeyMappingEstimator.KeyOrdinality order)
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

internal sealed class TermMap<T> : TermMap
{
    private readonly T[] _terms;
    private readonly Dictionary<T, uint> _keys = new(TermComparer<T>.Instance);

    public TermMap(PrimitiveDataViewType itemType, T[] terms)
        : base(itemType)
    {
        _terms = terms;
        for (int i = 0; i < terms.Length; i++)
        {
            if (terms[i] is ReadOnlyMemory<char> text)
                terms[i] = (T)(object)text.ToString().AsMemory();
            _keys.Add(terms[i], (uint)i + 1);
        }
    }

    public override int Count => _terms.Length;

    public override void Save(BinaryWriter writer)
    {
        ValueCodec.WriteType(writer, ItemType);
        ValueCodec.WriteValues<T>(writer, _terms);
    }

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source) =>
        MappedGetter.Create<T, uint>(row, source, value => value is null ? 0 : _keys.GetValueOrDefault(value));

    public override void AddKeyValues(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool asText)
    {
        if (Count == 0)
            return;
        if (ItemType is KeyDataViewType && source.HasKeyValues())
            AddTexts(builder, [.. GetKeyTexts(source)]);
        else if (asText && ItemType is not TextDataViewType)
            AddTexts(builder, [.. _terms.Select(TextFormatters.Get<T>(ItemType)).Select(t => t.AsMemory())]);
        else
            builder.AddKeyValues(Count, ItemType, (ref VBuffer<T> value) => VBuffer<T>.Copy(_terms, 0, ref value, Count));
    }

    private static void AddTexts(DataViewSchema.Annotations.Builder builder, ReadOnlyMemory<char>[] texts) =>
        builder.AddKeyValues(texts.Length, TextDataViewType.Instance,
            (ref VBuffer<ReadOnlyMemory<char>> value) => VBuffer<ReadOnlyMemory<char>>.Copy(texts, 0, ref value, texts.Length));

    /// <summary>The names that the keys had before they were mapped again.</summary>
    private IEnumerable<ReadOnlyMemory<char>> GetKeyTexts(DataViewSchema.Column source)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        source.GetKeyValues(ref names);
        return _terms.Select(t => names.GetItemOrDefault(Convert.ToInt32(t) - 1));
    }
}

/// <summary>Texts are equal by their characters; their order is ordinal.</summary>
internal sealed class TermComparer<T> : IEqualityComparer<T>
{
    public static TermComparer<T> Instance { get; } = new();

    public static bool IsMissing(T value, DataViewType type) => value switch
    {
        ReadOnlyMemory<char> text => text.IsEmpty,
        float.NaN or double.NaN => true,
        _ => type.GetItemType() is KeyDataViewType && EqualityComparer<T>.Default.Equals(value, default),
    };

    public static int Compare(T left, T right) => left is ReadOnlyMemory<char> a && right is ReadOnlyMemory<char> b
        ? a.Span.CompareTo(b.Span, StringComparison.Ordinal) : Comparer<T>.Default.Compare(left, right);

    public bool Equals(T left, T right) => left is ReadOnlyMemory<char> a && right is ReadOnlyMemory<char> b
        ? a.Span.SequenceEqual(b.Span) : EqualityComparer<T>.Default.Equals(left, right);

    public int GetHashCode(T value) => value is ReadOnlyMemory<char> text
        ? string.GetHashCode(text.Span) : EqualityComparer<T>.Default.GetHashCode(value);
}
