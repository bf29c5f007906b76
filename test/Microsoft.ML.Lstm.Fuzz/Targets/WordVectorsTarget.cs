using System.Text;

namespace Microsoft.ML.Lstm.Fuzz.Targets;

/// <summary>Word vectors as text.</summary>
internal sealed class WordVectorsTarget(bool hasHeader, params IMutation[] mutations) : IFuzzTarget
{
    public string Name => hasHeader ? "word vectors with a header" : "word vectors";

    public byte[] Valid { get; } = Encoding.UTF8.GetBytes((hasHeader ? "4 3\n" : "") + "the 1 2 3\ncat -1 0.5 1e-3\nsat 3 -2 0\non 0 0 1\n");

    public IReadOnlyList<IMutation> Mutations { get; } = mutations;

    public void Run(byte[] file)
    {
        WordVectors vectors = WordVectors.Read(new StreamReader(new MemoryStream(file)));
        foreach (string word in vectors.Words)
            _ = vectors.TryGet(word, out _);
    }

    public bool IsRefusal(Exception error) => error is InvalidDataException;
}
