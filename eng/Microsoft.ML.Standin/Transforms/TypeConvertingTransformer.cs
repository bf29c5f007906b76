using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(TypeConvertingTransformer), null, typeof(SignatureLoadModel),
    "Convert Transform", TypeConvertingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ConvertTransform";
    private static readonly VersionInfo Version = TransformVersion.Create("CONVERTF", LoaderSignature);
    private readonly DataKind _kind;

    internal TypeConvertingTransformer(
        IHostEnvironment env, DataKind outputKind, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(TypeConvertingTransformer)), columns)
    {
        Host.CheckParam(Enum.IsDefined(outputKind), nameof(outputKind), $"Unknown data kind {(byte)outputKind}.");
        _kind = outputKind;
    }

    private TypeConvertingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => _kind = (DataKind)ctx.Reader.ReadByte();

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new TypeConvertingTransformer(env.Register(nameof(TypeConvertingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)_kind);
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source)
    {
        DataViewType from = source.Type.GetItemType();
        PrimitiveDataViewType to = GetItemType(from);
        Delegate convert = StandardConversions.GetOrNull(from, to);
        Host.CheckParam(convert is not null, "inputSchema",
            $"source column '{source.Name}' with item type '{source.Type}' is not compatible with destination type '{to}'");
        DataViewType type = source.Type is VectorDataViewType vector ? new VectorDataViewType(to, vector.Dimensions) : to;
        return new ColumnMapping(type, MakeAnnotations(source, to), row => GenericCall.Invoke<Delegate>(
            (Func<DataViewRow, DataViewSchema.Column, Delegate, Delegate>)MakeGetter<int, int>,
            [from.RawType, to.RawType], row, source, convert));
    }

    private static Delegate MakeGetter<TSrc, TDst>(DataViewRow row, DataViewSchema.Column source, Delegate convert) =>
        MappedGetter.Create(row, source, (Func<TSrc, TDst>)convert);

    /// <summary>A key stays a key, of another width.</summary>
    private PrimitiveDataViewType GetItemType(DataViewType from)
    {
        PrimitiveDataViewType type = ColumnTypeExtensions.PrimitiveTypeFromKind(_kind);
        if (from is not KeyDataViewType key || !KeyDataViewType.IsValidDataType(type.RawType))
            return type;
        ulong limit = Type.GetTypeCode(type.RawType) switch
        {
            TypeCode.Byte => byte.MaxValue,
            TypeCode.UInt16 => ushort.MaxValue,
            TypeCode.UInt32 => uint.MaxValue,
            _ => ulong.MaxValue,
        };
        return new KeyDataViewType(type.RawType, Math.Min(key.Count, limit));
    }

    private static DataViewSchema.Annotations MakeAnnotations(DataViewSchema.Column source, DataViewType to)
    {
        DataViewType from = source.Type.GetItemType();
        var builder = new DataViewSchema.Annotations.Builder();
        if (source.Type.IsKnownSizeVector())
            builder.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        if (from is KeyDataViewType && from.GetKeyCount() == to.GetKeyCount())
            builder.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.KeyValues);
        if (from is NumberDataViewType && to is NumberDataViewType)
            builder.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.IsNormalized);
        if (source.Type is BooleanDataViewType && to is NumberDataViewType)
            builder.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        return builder.ToAnnotations();
    }
}
