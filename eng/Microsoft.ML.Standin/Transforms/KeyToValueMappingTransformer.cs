using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel),
    "Key To Value Transform", KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";
    private static readonly VersionInfo Version = TransformVersion.Create("KEY2VALT", LoaderSignature);

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new KeyToValueMappingTransformer(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source)
    {
        var values = source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;
        Host.Check(values is not null, $"Metadata KeyValues does not exist for column '{source.Name}'");
        DataViewType key = source.Type.GetItemType();
        Host.Check((ulong)values.Size == key.GetKeyCount(),
            $"KeyValues metadata size does not match column type key count of '{source.Name}': "
            + $"{values.Size} values for {key.GetKeyCount()} keys");
        DataViewType type = source.Type is VectorDataViewType vector
            ? new VectorDataViewType(values.ItemType, vector.Dimensions) : values.ItemType;
        return new ColumnMapping(type, Keep(source, AnnotationUtils.Kinds.SlotNames), row => GenericCall.Invoke<Delegate>(
            (Func<DataViewRow, DataViewSchema.Column, Delegate>)MakeGetter<int, int>, [key.RawType, values.ItemType.RawType], row, source));
    }

    private static Delegate MakeGetter<TKey, TValue>(DataViewRow row, DataViewSchema.Column source)
    {
        VBuffer<TValue> buffer = default;
        source.GetKeyValues(ref buffer);
        TValue[] values = [.. buffer.DenseValues()];
        var toNumber = (Func<TKey, ulong>)StandardConversions.GetOrNull(
            ColumnTypeExtensions.PrimitiveTypeFromType(typeof(TKey)), NumberDataViewType.UInt64);
        TValue missing = Missing<TValue>();
        return MappedGetter.Create<TKey, TValue>(row, source, key =>
        {
            ulong number = toNumber(key);
            return 0 < number && number <= (ulong)values.Length ? values[number - 1] : missing;
        });
    }

    private static T Missing<T>() => typeof(T) == typeof(float) ? (T)(object)float.NaN
        : typeof(T) == typeof(double) ? (T)(object)double.NaN : default;
}
