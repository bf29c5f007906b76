using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel),
    "Term Transform", ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";
    private static readonly VersionInfo Version = TransformVersion.Create("TERMTRNF", LoaderSignature);
    private readonly TermMap[] _maps;
    private readonly bool _asText;

    private ValueToKeyMappingTransformer(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, TermMap[] maps, bool asText)
        : base(env.Register(nameof(ValueToKeyMappingTransformer)), columns)
    {
        _maps = maps;
        _asText = asText;
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _asText = ctx.Reader.ReadBoolean();
        _maps = new TermMap[ColumnPairs.Length];
        for (int i = 0; i < _maps.Length; i++)
            _maps[i] = TermMap.Load(ctx.Reader);
    }

    internal static ValueToKeyMappingTransformer Train(IHostEnvironment env, IDataView input,
        (string outputColumnName, string inputColumnName)[] columns, TermOptions options, IDataView keyData)
    {
        env.CheckUserArg(options.MaximumNumberOfKeys > 0, "maximumNumberOfKeys", "Must be positive");
        TermMap given = keyData is null ? null : TermMap.Learn(keyData, keyData.Schema[0], int.MaxValue, options.Ordinality);
        var maps = new TermMap[columns.Length];
        for (int i = 0; i < maps.Length; i++)
        {
            string name = columns[i].inputColumnName;
            DataViewSchema.Column source = input.Schema.GetColumnOrNull(name)
                ?? throw env.ExceptSchemaMismatch(nameof(input), "input", name);
            DataViewType itemType = source.Type.GetItemType();
            env.CheckUserArg(given is null || given.ItemType.Equals(itemType), nameof(keyData),
                $"Input data's column must be of type '{itemType}' but was '{given?.ItemType}'");
            maps[i] = given ?? TermMap.Learn(input, source, options.MaximumNumberOfKeys, options.Ordinality);
        }
        return new ValueToKeyMappingTransformer(env, columns, maps, options.AddKeyValueAnnotationsAsText);
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new ValueToKeyMappingTransformer(env.Register(nameof(ValueToKeyMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(_asText);
        foreach (TermMap map in _maps)
            map.Save(ctx.Writer);
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source)
    {
        TermMap map = _maps[pair];
        Host.Check(source.Type.GetItemType().Equals(map.ItemType),
            $"Could not apply a map over type '{map.ItemType}' to column '{source.Name}' since it has type '{source.Type.GetItemType()}'");
        DataViewType type = source.Type is VectorDataViewType vector ? new VectorDataViewType(map.KeyType, vector.Dimensions) : map.KeyType;
        var annotations = new DataViewSchema.Annotations.Builder();
        map.AddKeyValues(annotations, source, _asText);
        annotations.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        return new ColumnMapping(type, annotations.ToAnnotations(), row => map.MakeGetter(row, source));
    }
}
