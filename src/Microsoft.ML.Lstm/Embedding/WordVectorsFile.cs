using System.Text.Json;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Embedding;

/// <summary>Word vectors as one safetensors file: the vectors and their mean as tensors, the words and the columns as JSON in the metadata.</summary>
internal static class WordVectorsFile
{
    private const string Vectors = "vectors", Mean = "mean", Words = "words", Columns = "columns";
    private static readonly FileFormat Format = new("microsoft.ml.lstm.vectors", 1);

    public static void Write(Stream stream, EmbeddingColumns columns, WordVectors vectors)
    {
        string[] words = [.. vectors.Words];
        float[] values = new float[checked(words.Length * vectors.Size)];
        for (int i = 0; i < words.Length; i++)
            if (vectors.TryGet(words[i], out ReadOnlySpan<float> vector))
                vector.CopyTo(values.AsSpan(i * vectors.Size));
        var file = new SafetensorsWriter();
        Format.WriteTo(file);
        file.Metadata[Words] = JsonSerializer.Serialize(words);
        file.Metadata[Columns] = JsonSerializer.Serialize(columns);
        file.Add<float>(Vectors, [words.Length, vectors.Size], values);
        file.Add<float>(Mean, [vectors.Size], vectors.Mean.ToArray());
        file.Write(stream);
    }

    /// <exception cref="InvalidDataException">It is no such file, broken, cut off or of a newer version.</exception>
    public static WordVectors Read(Stream stream, out EmbeddingColumns columns)
    {
        var file = new SafetensorsReader(stream);
        Format.Require(file.Metadata);
        columns = Entry<EmbeddingColumns>(file, Columns);
        string[] words = Entry<string[]>(file, Words);
        float[] mean = file.Values<float>(Mean).ToArray();
        ReadOnlySpan<float> values = file.Values<float>(Vectors);
        if (!file.Shape(Vectors).SequenceEqual([words.Length, mean.Length]))
            throw new InvalidDataException(Invariant($"The tensor '{Vectors}' has shape [{string.Join(", ", file.Shape(Vectors))}]; expected [{words.Length}, {mean.Length}], words and size."));
        var vectors = new Dictionary<string, float[]>(words.Length);
        for (int i = 0; i < words.Length; i++)
            vectors[words[i]] = values.Slice(i * mean.Length, mean.Length).ToArray();
        return new WordVectors(vectors, mean);
    }

    private static T Entry<T>(SafetensorsReader file, string key) =>
        file.Metadata.TryGetValue(key, out string? text) && JsonSerializer.Deserialize<T>(text, SavedJson.Options) is { } value
            ? value
            : throw new InvalidDataException(Invariant($"The metadata has no '{key}'; it has {string.Join(", ", file.Metadata.Keys)}."));
}
