using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Lstm.Embedding;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Vectors of words made elsewhere, such as GloVe (Pennington, Socher and Manning 2014), word2vec or fastText publish as text. Words are told
/// apart letter by letter: text is to be normalised as it was where the vectors come from. Immutable and thread-safe.
/// </summary>
public sealed class WordVectors
{
    private readonly Dictionary<string, float[]> _vectors;
    private readonly float[] _mean;

    internal WordVectors(Dictionary<string, float[]> vectors, float[] mean) => (_vectors, _mean) = (vectors, mean);

    /// <summary>D, the numbers of each vector.</summary>
    public int Size => _mean.Length;

    /// <summary>Number of words.</summary>
    public int Count => _vectors.Count;

    /// <summary>The words.</summary>
    public IReadOnlyCollection<string> Words => _vectors.Keys;

    /// <summary>The mean of the vectors of all words that were read: [D].</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>
    /// Reads vectors from a file: on each line a word and its D numbers, separated by spaces or tabs; a first line of two numbers, the count of
    /// words and D, may stand before them. A word may hold spaces; of a word given twice the first vector counts.
    /// </summary>
    /// <param name="path">The file: plain text, UTF-8.</param>
    /// <exception cref="InvalidDataException">A line is not as expected; names the file, the line and what was found.</exception>
    public static WordVectors Load(string path)
    {
        using var reader = new StreamReader(path);
        return Read(reader, Invariant($"The file '{path}'"));
    }

    /// <summary>Reads vectors as <see cref="Load"/> does.</summary>
    /// <param name="reader">Where from; it is read to its end and stays open.</param>
    /// <exception cref="InvalidDataException">A line is not as expected; names the line and what was found.</exception>
    public static WordVectors Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Read(reader, "The text");
    }

    /// <summary>Looks up the vector of a word: [D].</summary>
    public bool TryGet(string word, out ReadOnlySpan<float> vector)
    {
        bool found = TryFind(word, out float[]? numbers);
        vector = numbers;
        return found;
    }

    internal bool TryFind(ReadOnlySpan<char> word, [NotNullWhen(true)] out float[]? vector) =>
        _vectors.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out vector);

    /// <summary>The vectors of these words alone, with the mean of all.</summary>
    internal WordVectors Only(IEnumerable<string> words)
    {
        var vectors = new Dictionary<string, float[]>();
        foreach (string word in words)
            if (_vectors.TryGetValue(word, out float[]? vector))
                vectors[word] = vector;
        return new WordVectors(vectors, _mean);
    }

    /// <summary>What stands for a word that has no vector.</summary>
    internal float[] Unknown(UnknownWord unknown) => unknown == UnknownWord.Mean ? _mean : new float[Size];

    private static WordVectors Read(TextReader reader, string source)
    {
        var vectors = new Dictionary<string, float[]>();
        double[] sum = [];
        foreach ((string word, float[] vector) in new WordVectorsText(reader, source).Lines())
        {
            if (!vectors.TryAdd(word, vector))
                continue;
            if (sum.Length == 0)
                sum = new double[vector.Length];
            for (int i = 0; i < vector.Length; i++)
                sum[i] += vector[i];
        }
        return vectors.Count > 0
            ? new WordVectors(vectors, [.. sum.Select(s => (float)(s / vectors.Count))])
            : throw new InvalidDataException(Invariant($"{source} has no line with a word and its numbers; expected at least 1."));
    }
}
