using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Text;

[assembly: LoadableClass(typeof(ITransformer), typeof(TokenizingByCharactersTransformer), null, typeof(SignatureLoadModel),
    "Character Tokenizer Transform", TokenizingByCharactersTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Text;

/// <summary>A text as the codes of its characters, a vector's texts with a separator between them.</summary>
public sealed class TokenizingByCharactersTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "CharToken";
    private const char TextStart = '\u0002';
    private const char TextEnd = '\u0003';
    private const char UnitSeparator = '\u001F';
    private static readonly VersionInfo Version = TransformVersion.Create("CHARTOKN", LoaderSignature);
    private readonly bool _useMarkers;

    internal TokenizingByCharactersTransformer(
        IHostEnvironment env, string outputColumnName, string inputColumnName, bool useMarkerCharacters)
        : base(env.Register(nameof(TokenizingByCharactersTransformer)), (outputColumnName, inputColumnName)) =>
        _useMarkers = useMarkerCharacters;

    private TokenizingByCharactersTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx) => _useMarkers = ctx.Reader.ReadBoolean();

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new TokenizingByCharactersTransformer(env.Register(nameof(TokenizingByCharactersTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(_useMarkers);
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source)
    {
        Host.CheckParam(source.Type.GetItemType() is TextDataViewType, "inputSchema",
            $"Column '{source.Name}' must be String or a vector of String, but is {source.Type}");
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        annotations.AddKeyValues<ReadOnlyMemory<char>>(ushort.MaxValue, TextDataViewType.Instance, CharacterNames.Get);
        var type = new VectorDataViewType(new KeyDataViewType(typeof(ushort), ushort.MaxValue));
        return new ColumnMapping(type, annotations.ToAnnotations(), row => MakeGetter(row, source));
    }

    private ValueGetter<VBuffer<ushort>> MakeGetter(DataViewRow row, DataViewSchema.Column source)
    {
        Func<IEnumerable<ReadOnlyMemory<char>>> read = TextReader.Create(row, source);
        bool isVector = source.Type is VectorDataViewType;
        var codes = new List<ushort>();
        return (ref VBuffer<ushort> destination) =>
        {
            codes.Clear();
            int texts = 0;
            foreach (ReadOnlyMemory<char> text in read())
            {
                // The separator follows the slot, not the text: empty texts count.
                if (texts++ > 0 && !text.IsEmpty)
                    codes.Add(UnitSeparator);
                foreach (char c in text.Span)
                    codes.Add(c);
            }
            if (_useMarkers && (isVector || codes.Count > 0))
            {
                codes.Insert(0, TextStart);
                codes.Add(TextEnd);
            }
            VBufferEditor<ushort> editor = VBufferEditor.Create(ref destination, codes.Count);
            CollectionsMarshal.AsSpan(codes).CopyTo(editor.Values);
            destination = editor.Commit();
        };
    }
}
