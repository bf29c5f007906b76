using Microsoft.ML.Lstm.Columns;

namespace Microsoft.ML.Lstm.Embedding;

/// <summary>Words that are keys.</summary>
/// <param name="tokens">The keys.</param>
/// <param name="byKey">The vector of each key, that of the missing key first.</param>
internal sealed class KeyVectorReader(ITokenReader tokens, float[][] byKey) : IVectorReader
{
    private float[][] _vectors = [];

    public int Read()
    {
        ReadOnlySpan<int> keys = tokens.Read();
        if (_vectors.Length < keys.Length)
            _vectors = new float[keys.Length][];
        for (int i = 0; i < keys.Length; i++)
            _vectors[i] = byKey[keys[i]];
        return keys.Length;
    }

    public ReadOnlySpan<float> VectorAt(int step) => _vectors[step];
}
