using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(KeyToVectorMappingTransformer), null, typeof(SignatureLoadModel),
    "Key To Vector Transform", KeyToVectorMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>A vector of zeros with a one at the key; a vector of keys gives one such vector per key, or their sum.</summary>
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToVectorTransform";
    private static readonly VersionInfo Version = TransformVersion.Create("KEY2VECT", LoaderSignature);
    private readonly bool _count;

    internal KeyToVectorMappingTransformer(
        IHostEnvironment env, bool outputCountVector, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(KeyToVectorMappingTransformer)), columns) => _count = outputCountVector;

    private KeyToVectorMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => _count = ctx.Reader.ReadBoolean();

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new KeyToVectorMappingTransformer(env.Register(nameof(KeyToVectorMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(_count);
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source)
    {
        if (source.Type.GetItemType() is not KeyDataViewType key)
            throw Host.ExceptSchemaMismatch("inputSchema", "input", source.Name, "key type of known cardinality", source.Type.ToString());
        int size = checked((int)key.Count);
        int slots = source.Type.GetValueCount();
        VectorDataViewType type = _count || slots == 1
            ? new VectorDataViewType(NumberDataViewType.Single, size) : new VectorDataViewType(NumberDataViewType.Single, slots, size);
        return new ColumnMapping(type, MakeAnnotations(source, type), row => GenericCall.Invoke<Delegate>(
            (Func<DataViewRow, DataViewSchema.Column, int, bool, Delegate>)MakeGetter<int>, key.RawType, row, source, size, _count));
    }

    private DataViewSchema.Annotations MakeAnnotations(DataViewSchema.Column source, VectorDataViewType type)
    {
        bool isScalar = source.Type is not VectorDataViewType;
        int slots = source.Type.GetValueCount();
        int size = type.Dimensions[^1];
        var builder = new DataViewSchema.Annotations.Builder();
        if (source.HasKeyValues() && (_count || slots > 0))
        {
            ReadOnlyMemory<char>[] names = [.. GetSlotNames(source, isScalar || _count)];
            var namesType = new VectorDataViewType(TextDataViewType.Instance, type.Dimensions);
            builder.Add(AnnotationUtils.Kinds.SlotNames, namesType,
                (ref VBuffer<ReadOnlyMemory<char>> value) => VBuffer<ReadOnlyMemory<char>>.Copy(names, 0, ref value, names.Length));
        }
        if (!_count && slots > 0)
        {
            int[] ranges = [.. Enumerable.Range(0, slots).SelectMany(i => (int[])[i * size, ((i + 1) * size) - 1])];
            builder.Add(AnnotationUtils.Kinds.CategoricalSlotRanges, new VectorDataViewType(NumberDataViewType.Int32, slots, 2),
                (ref VBuffer<int> value) => VBuffer<int>.Copy(ranges, 0, ref value, ranges.Length));
        }
        if (!_count || isScalar)
            builder.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        return builder.ToAnnotations();
    }

    private static IEnumerable<ReadOnlyMemory<char>> GetSlotNames(DataViewSchema.Column source, bool keysAlone)
    {
        VBuffer<ReadOnlyMemory<char>> keys = default;
        source.GetKeyValues(ref keys);
        if (keysAlone)
            return keys.DenseValues();
        VBuffer<ReadOnlyMemory<char>> slots = new(source.Type.GetVectorSize(), 0, null, null);
        if (source.HasSlotNames())
            source.GetSlotNames(ref slots);
        return slots.DenseValues().SelectMany((slot, i) =>
            keys.DenseValues().Select(key => $"{(slot.IsEmpty ? $"[{i}]" : slot.ToString())}.{key}".AsMemory()));
    }

    private static Delegate MakeGetter<TKey>(DataViewRow row, DataViewSchema.Column source, int size, bool count)
    {
        var toNumber = (Func<TKey, ulong>)StandardConversions.GetOrNull(
            ColumnTypeExtensions.PrimitiveTypeFromType(typeof(TKey)), NumberDataViewType.UInt64);
        if (source.Type is not VectorDataViewType)
        {
            ValueGetter<TKey> getOne = row.GetGetter<TKey>(row.Schema[source.Index]);
            TKey one = default;
            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
            {
                getOne(ref one);
                Fill(ref destination, size, size, [toNumber(one)]);
            });
        }
        ValueGetter<VBuffer<TKey>> getMany = row.GetGetter<VBuffer<TKey>>(row.Schema[source.Index]);
        VBuffer<TKey> many = default;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            getMany(ref many);
            Fill(ref destination, count ? size : checked(many.Length * size), size, [.. many.DenseValues().Select(toNumber)]);
        });
    }

    private static void Fill(ref VBuffer<float> destination, int length, int size, ulong[] keys)
    {
        var ones = new SortedDictionary<int, float>();
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0 || keys[i] > (ulong)size)
                continue;
            int slot = (length == size ? 0 : i * size) + (int)keys[i] - 1;
            ones[slot] = ones.GetValueOrDefault(slot) + 1;
        }
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, length, ones.Count);
        int next = 0;
        foreach ((int slot, float value) in ones)
        {
            editor.Values[next] = value;
            if (ones.Count < length)
                editor.Indices[next] = slot;
            next++;
        }
        destination = editor.Commit();
    }
}
