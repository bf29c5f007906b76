namespace Microsoft.ML.Lstm.Models;

/// <summary>What a model reads: a column of sequences, and maybe one of tokens beside it, step by step.</summary>
internal sealed record ModelInput
{
    /// <summary>The feature column: numbers or tokens.</summary>
    public required ModelColumn Features { get; init; }

    /// <summary>Tokens beside numbers; null if there are none.</summary>
    public ModelColumn? Tokens { get; init; }

    /// <summary>As one reads of it.</summary>
    public override string ToString() => Tokens is null ? Features.ToString() : Invariant($"{Features} beside {Tokens}");
}
