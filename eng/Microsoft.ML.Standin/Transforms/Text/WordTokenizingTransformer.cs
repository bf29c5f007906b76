using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Text;

[assembly: LoadableClass(typeof(ITransformer), typeof(WordTokenizingTransformer), null, typeof(SignatureLoadModel),
    "Tokenize Text Transform", WordTokenizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Text;

public sealed class WordTokenizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TokenizeTextTransform";
    internal const string ExpectedType = "String or Vector of String";
    private static readonly VersionInfo Version = TransformVersion.Create("WRDTOKNS", LoaderSignature);
    private readonly char[] _separators;

    internal WordTokenizingTransformer(IHostEnvironment env, string outputColumnName, string inputColumnName, char[] separators)
        : base(env.Register(nameof(WordTokenizingTransformer)), (outputColumnName, inputColumnName)) => _separators = separators ?? [' '];

    private WordTokenizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => _separators = ctx.Reader.ReadString().ToCharArray();

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new WordTokenizingTransformer(env.Register(nameof(WordTokenizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(new string(_separators));
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source)
    {
        if (source.Type.GetItemType() is not TextDataViewType)
            throw Host.ExceptSchemaMismatch("inputSchema", "input", source.Name, ExpectedType, source.Type.ToString());
        return new ColumnMapping(new VectorDataViewType(TextDataViewType.Instance), null, row => MakeGetter(row, source));
    }

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> MakeGetter(DataViewRow row, DataViewSchema.Column source)
    {
        Func<IEnumerable<ReadOnlyMemory<char>>> read = TextReader.Create(row, source);
        return (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            ReadOnlyMemory<char>[] words = [.. read().SelectMany(Split)];
            destination = new VBuffer<ReadOnlyMemory<char>>(words.Length, words);
        };
    }

    private IEnumerable<ReadOnlyMemory<char>> Split(ReadOnlyMemory<char> text)
    {
        while (!text.IsEmpty)
        {
            int end = text.Span.IndexOfAny(_separators);
            ReadOnlyMemory<char> word = (end < 0 ? text : text[..end]).Trim(' ');
            text = end < 0 ? default : text[(end + 1)..];
            if (!word.IsEmpty)
                yield return word;
        }
    }
}
