using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Text;

[assembly: LoadableClass(typeof(ITransformer), typeof(TextNormalizingTransformer), null, typeof(SignatureLoadModel),
    "Text Normalizer Transform", TextNormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Text;

public sealed class TextNormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TextNormalizerTransform";
    internal const string ExpectedType = "String or vector of String";
    private static readonly VersionInfo Version = TransformVersion.Create("TEXTNORM", LoaderSignature);
    private readonly TextNormalization _normalization;

    internal TextNormalizingTransformer(
        IHostEnvironment env, string outputColumnName, string inputColumnName, TextNormalization normalization)
        : base(env.Register(nameof(TextNormalizingTransformer)), (outputColumnName, inputColumnName)) => _normalization = normalization;

    private TextNormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => _normalization = new TextNormalization(
            (TextNormalizingEstimator.CaseMode)ctx.Reader.ReadByte(),
            ctx.Reader.ReadBoolean(), ctx.Reader.ReadBoolean(), ctx.Reader.ReadBoolean());

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new TextNormalizingTransformer(env.Register(nameof(TextNormalizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)_normalization.CaseMode);
        ctx.Writer.Write(_normalization.KeepDiacritics);
        ctx.Writer.Write(_normalization.KeepPunctuations);
        ctx.Writer.Write(_normalization.KeepNumbers);
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source)
    {
        if (source.Type.GetItemType() is not TextDataViewType)
            throw Host.ExceptSchemaMismatch("inputSchema", "input", source.Name, ExpectedType, source.Type.ToString());
        if (source.Type is not VectorDataViewType)
            return new ColumnMapping(source.Type, null, row =>
                MappedGetter.Create<ReadOnlyMemory<char>, ReadOnlyMemory<char>>(row, source, _normalization.Apply));
        return new ColumnMapping(new VectorDataViewType(TextDataViewType.Instance), null, row => MakeVectorGetter(row, source));
    }

    /// <summary>Texts of which nothing is left are dropped.</summary>
    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> MakeVectorGetter(DataViewRow row, DataViewSchema.Column source)
    {
        Func<IEnumerable<ReadOnlyMemory<char>>> read = TextReader.Create(row, source);
        return (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            ReadOnlyMemory<char>[] texts = [.. read().Select(_normalization.Apply).Where(t => !t.IsEmpty)];
            destination = new VBuffer<ReadOnlyMemory<char>>(texts.Length, texts);
        };
    }
}
