using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Embedding;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Replaces words by given vectors, which stay as they are. There is nothing to learn: see <see cref="EmbedSequenceTransformer"/>. To train on
/// from such vectors, give them to a trainer as <see cref="RecurrentTrainerOptions.PretrainedEmbedding"/>.
/// </summary>
public sealed class EmbedSequenceEstimator : IEstimator<EmbedSequenceTransformer>
{
    private readonly IHost _host;
    private readonly EmbeddingColumns _columns;
    private readonly WordVectors _vectors;

    internal EmbedSequenceEstimator(IHostEnvironment environment, EmbeddingColumns columns, WordVectors vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors, "pretrained");
        ArgumentException.ThrowIfNullOrEmpty(columns.Output, "outputColumnName");
        if (!Enum.IsDefined(columns.Unknown))
            throw new ArgumentOutOfRangeException("unknownWord", Invariant($"unknownWord is {columns.Unknown}; expected one of {string.Join(", ", Enum.GetNames<UnknownWord>())}."));
        _host = environment.Register(nameof(EmbedSequenceEstimator));
        (_columns, _vectors) = (columns, vectors);
    }

    /// <summary>Checks the column; reads no row. Of keys, the model keeps the vectors of the words that they stand for; of text, all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">None of the words that the keys stand for has a vector.</exception>
    public EmbedSequenceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column column = _columns.Find(_host, input.Schema);
        if (column.Type.RawType == typeof(VBuffer<ReadOnlyMemory<char>>))
            return new EmbedSequenceTransformer(_host, _columns, _vectors);
        IReadOnlyList<string> words = InitialEmbedding.WordsOf(_host, input.Schema, SequenceColumn.OfTokens(_host, input.Schema, column.Name));
        WordVectors known = _vectors.Only(words);
        return known.Count > 0 ? new EmbedSequenceTransformer(_host, _columns, known) : throw InitialEmbedding.NoneKnown(_host, column.Name, words);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _columns.Extend(_host, inputSchema);
    }
}
