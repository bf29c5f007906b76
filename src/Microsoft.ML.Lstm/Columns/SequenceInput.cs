using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>What a network reads of a row: a column of sequences, and maybe one of tokens beside it, step by step. Saved with the model.</summary>
internal sealed record SequenceInput
{
    /// <summary>The feature column: numbers or tokens.</summary>
    public required SequenceColumn Features { get; init; }

    /// <summary>Tokens beside numbers; null if there are none.</summary>
    public SequenceColumn? Tokens { get; init; }

    /// <summary>Numbers per step; 0 when a step is only a token.</summary>
    [JsonIgnore]
    public int FeatureSize => Features.StepSize;

    /// <summary>The column that tokens come from; null when a step is only numbers.</summary>
    [JsonIgnore]
    public SequenceColumn? TokenColumn => Features.IsTokens ? Features : Tokens;

    /// <summary>Number of distinct tokens, the unknown one (0) included; 0 when a step is only numbers.</summary>
    [JsonIgnore]
    public int VocabularySize => TokenColumn?.VocabularySize ?? 0;

    /// <summary>Whether each step has a token.</summary>
    [JsonIgnore]
    public bool HasTokens => VocabularySize > 0;

    /// <summary>Refuses columns that are missing or no sequences, as far as a shape without sizes tells.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string featureColumn, string? tokenColumn)
    {
        SequenceColumn.Check(context, schema, featureColumn);
        if (tokenColumn is not null)
            SequenceColumn.CheckTokens(context, schema, tokenColumn);
    }

    /// <summary>Reads off a schema what the columns are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of another type, or they do not fit together.</exception>
    public static SequenceInput Of(IExceptionContext context, DataViewSchema schema, string featureColumn, string? tokenColumn, int? stepSize)
    {
        SequenceColumn features = SequenceColumn.Of(context, schema, featureColumn, stepSize);
        if (tokenColumn is null)
            return new SequenceInput { Features = features };
        if (features.IsTokens)
            throw SchemaMismatch.IllTyped(context, "feature", featureColumn, Invariant($"numbers beside the tokens of column '{tokenColumn}'"), schema[featureColumn].Type.ToString()!);
        SequenceColumn tokens = SequenceColumn.OfTokens(context, schema, tokenColumn);
        if (features.StepCount is { } steps && tokens.StepCount is { } keys && steps != keys)
            throw SchemaMismatch.IllTyped(context, "token", tokenColumn, Invariant($"{steps} keys, one for each step of column '{featureColumn}'"), schema[tokenColumn].Type.ToString()!);
        return new SequenceInput { Features = features, Tokens = tokens };
    }

    /// <summary>Refuses, before any row is scored, columns that are not what the network was trained on.</summary>
    public IReadOnlyList<DataViewSchema.Column> Find(IExceptionContext context, DataViewSchema schema) =>
        Tokens is null ? [Features.Find(context, schema)] : [Features.Find(context, schema), Tokens.FindTokens(context, schema)];
}
