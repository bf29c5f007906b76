using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Embedding;

/// <summary>Given word vectors as the embedding that a network begins with: a row for each token, the unknown one first.</summary>
internal static class InitialEmbedding
{
    private const string Role = "token";

    /// <summary>The rows, [V, E]: of a token its word's vector, of tokens without one and of the unknown token the mean of all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no tokens, or their keys do not stand for text.</exception>
    /// <exception cref="InvalidOperationException">No token has a vector.</exception>
    public static float[] Of(IHost host, DataViewSchema schema, SequenceInput input, WordVectors vectors)
    {
        if (input.TokenColumn is not { } tokens)
            throw SchemaMismatch.IllTyped(host, Role, input.Features.Name,
                $"a vector of keys, since {nameof(RecurrentTrainerOptions.PretrainedEmbedding)} is given", schema[input.Features.Name].Type.ToString()!);
        IReadOnlyList<string> words = WordsOf(host, schema, tokens);
        float[] rows = new float[tokens.VocabularySize * vectors.Size];
        vectors.Mean.CopyTo(rows);
        int found = 0;
        for (int token = 1; token < tokens.VocabularySize; token++)
        {
            bool known = vectors.TryGet(words[token - 1], out ReadOnlySpan<float> vector);
            found += known ? 1 : 0;
            (known ? vector : vectors.Mean).CopyTo(rows.AsSpan(token * vectors.Size));
        }
        if (found == 0)
            throw NoneKnown(host, tokens.Name, words);
        using IChannel channel = host.Start("Embedding");
        channel.Info(MessageSensitivity.None, Invariant($"{found} of {Plural.Of(words.Count, "token")} have a pretrained vector."));
        return rows;
    }

    /// <summary>What the keys of a column stand for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They do not stand for text.</exception>
    public static IReadOnlyList<string> WordsOf(IExceptionContext context, DataViewSchema schema, SequenceColumn tokens)
    {
        KeyValues? values = KeyValues.Of(context, Role, schema[tokens.Name]);
        return values is { IsText: true } && values.Texts.Count == tokens.VocabularySize - 1 ? values.Texts : throw SchemaMismatch.IllTyped(
            context, Role, tokens.Name, "keys that stand for text, as Conversion.MapValueToKey makes of words", values is null ? "keys without values" : Invariant($"keys of {values.ItemType}"));
    }

    /// <summary>Words of which none has a vector are mostly words that were normalised otherwise.</summary>
    public static Exception NoneKnown(IExceptionContext context, string column, IReadOnlyList<string> words) => context.Process(new InvalidOperationException(
        Invariant($"None of the {words.Count} words of column '{column}', such as '{words[0]}', has a vector; expected words as they were where the vectors come from, mostly in lower case.")));

    /// <summary>Puts the rows into a network.</summary>
    public static void Set(ITrainingEngine engine, ReadOnlySpan<float> rows)
    {
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        ParameterSlice embedding = engine.Parameters["embedding.weight"];
        rows.CopyTo(weights.AsSpan(embedding.Offset, embedding.Length));
        engine.ImportWeights(weights);
    }
}
