using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>Options of <c>PermutationFeatureImportance</c> for models of sequences.</summary>
public sealed class PermutationImportanceOptions
{
    /// <summary>The column that predictions are compared with, as the network learned it. Default: <c>"Label"</c>.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Rows to use, from the first; null: all, which must fit into memory. Range: 2 or more. Default: null.</summary>
    public int? NumberOfExamplesToUse { get; set; }

    /// <summary>How often values are exchanged; the standard error falls with the root of it. Range: 1 or more. Default: 1.</summary>
    public int PermutationCount { get; set; } = 1;

    /// <summary>
    /// Blocks of steps that the sequence is cut into, so that the importance of near and far steps shows. 1: a feature is exchanged in all
    /// steps at once. Range: 1 or more; no more blocks are made than there are steps. Default: 1.
    /// </summary>
    public int NumberOfBlocks { get; set; } = 1;

    /// <summary>Random seed of the exchanges; same seed, same importance to the bit. Null: drawn from the context. Default: null.</summary>
    public int? Seed { get; set; }

    /// <summary>Cancels; so does <c>MLContext.CancelExecution</c>. Default: never.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal void Validate()
    {
        Require(!string.IsNullOrEmpty(LabelColumnName), nameof(LabelColumnName), LabelColumnName is null ? "null" : "empty",
            "the name of a column");
        Require(NumberOfExamplesToUse is null or >= 2, nameof(NumberOfExamplesToUse), NumberOfExamplesToUse, "2 or more, or null");
        Require(PermutationCount >= 1, nameof(PermutationCount), PermutationCount, "1 or more");
        Require(NumberOfBlocks >= 1, nameof(NumberOfBlocks), NumberOfBlocks, "1 or more");
    }
}
