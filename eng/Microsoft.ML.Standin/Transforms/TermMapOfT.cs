using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

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
