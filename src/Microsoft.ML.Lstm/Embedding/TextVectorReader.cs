using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Embedding;

/// <summary>Words that are text.</summary>
internal sealed class TextVectorReader(DataViewRow row, DataViewSchema.Column column, WordVectors vectors, float[] unknown) : IVectorReader
{
    private readonly ValueGetter<VBuffer<ReadOnlyMemory<char>>> _getter = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
    private VBuffer<ReadOnlyMemory<char>> _words;
    private VBuffer<ReadOnlyMemory<char>> _dense;

    public int Read()
    {
        _getter(ref _words);
        _words.CopyToDense(ref _dense);
        return _dense.Length;
    }

    public ReadOnlySpan<float> VectorAt(int step) => vectors.TryFind(_dense.GetValues()[step].Span, out float[]? vector) ? vector : unknown;
}
