using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Embedding;
using Microsoft.ML.Lstm.Export;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(EmbedSequenceTransformer), null, typeof(SignatureLoadModel),
    "Vectors of words", EmbedSequenceTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>Adds a column of the vectors of each row's words, one after the other: [words, D]. Lazy, row to row and thread-safe.</summary>
public sealed class EmbedSequenceTransformer : ITransformer
{
    internal const string LoaderSignature = "EmbedSequence";
    private static readonly ModelEntry Entry = new("LSTM EMB", LoaderSignature, "Vectors.safetensors");
    private readonly IHost _host;
    private readonly EmbeddingColumns _columns;
    private readonly WordVectors _vectors;

    internal EmbedSequenceTransformer(IHostEnvironment environment, EmbeddingColumns columns, WordVectors vectors)
    {
        _host = environment.Register(nameof(EmbedSequenceTransformer));
        (_columns, _vectors) = (columns, vectors);
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Mapper(input.Schema).Extend(nameof(EmbedSequenceTransformer), input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Entry.Save(ctx, stream => WordVectorsFile.Write(stream, _columns, _vectors));

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(env, ctx, stream =>
    {
        WordVectors vectors = WordVectorsFile.Read(stream, out EmbeddingColumns columns);
        return new EmbedSequenceTransformer(env, columns, vectors);
    });

    private ExtensionMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ExtensionMapper(inputSchema, new Extension(this, inputSchema));
    }

    private sealed class Extension : IRowExtension
    {
        private readonly EmbedSequenceTransformer _owner;
        private readonly DataViewSchema.Column _input;
        private readonly float[] _unknown;
        private readonly float[][]? _byKey;

        public Extension(EmbedSequenceTransformer owner, DataViewSchema schema)
        {
            _owner = owner;
            _input = owner._columns.Find(owner._host, schema);
            _unknown = owner._vectors.Unknown(owner._columns.Unknown);
            var words = (VectorDataViewType)_input.Type;
            // A vector type with a dimension of 0 is of varying size; its other dimension still says how long a step is.
            Columns = [new DataViewSchema.DetachedColumn(owner._columns.Output, new VectorDataViewType(NumberDataViewType.Single, words.Size, owner._vectors.Size))];
            if (words.ItemType is KeyDataViewType)
                _byKey = [_unknown, .. InitialEmbedding.WordsOf(owner._host, schema, SequenceColumn.OfTokens(owner._host, schema, _input.Name)).Select(VectorOf)];
        }

        public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

        public IReadOnlyList<DataViewSchema.Column> Dependencies => [_input];

        public Delegate[] CreateGetters(DataViewRow input)
        {
            IVectorReader reader = _byKey is null
                ? new TextVectorReader(input, _input, _owner._vectors, _unknown)
                : new KeyVectorReader(TokenReader.Open(input, _input), _byKey);
            int size = _owner._vectors.Size;
            return
            [
                (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
                {
                    int steps = reader.Read();
                    VBufferEditor<float> editor = VBufferEditor.Create(ref value, steps * size);
                    for (int step = 0; step < steps; step++)
                        reader.VectorAt(step).CopyTo(editor.Values[(step * size)..]);
                    value = editor.Commit();
                }),
            ];
        }

        public IEnumerable<string> Convert(OnnxConversion conversion)
        {
            string[] words = _byKey is null ? [.. _owner._vectors.Words] : [];
            float[][] vectors = _byKey ?? [_unknown, .. words.Select(VectorOf)];
            string input = conversion.Column(_input.Name);
            string places = _byKey is not null ? conversion.Cast(input, OnnxType.Int64) : conversion.Op(IOnnxGraph.LabelEncoder, [input], ("keys_strings", words),
                ("values_int64s", Enumerable.Range(1, words.Length).Select(place => (long)place).ToArray()), ("default_int64", 0L));
            string embedded = conversion.Gather(conversion.Tensor("vectors", vectors.SelectMany(vector => vector).ToArray(), vectors.Length, _owner._vectors.Size), places, 0);
            // A column of varying size has no dimensions of its own.
            return [((VectorDataViewType)_input.Type).IsKnownSize ? embedded : conversion.Reshape(embedded, 0, -1)];
        }

        private float[] VectorOf(string word) => _owner._vectors.TryFind(word, out float[]? vector) ? vector : _unknown;
    }
}
