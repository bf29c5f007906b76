namespace Microsoft.ML.Lstm.Models;

/// <summary>What a model reads: a column of sequences, and maybe one of tokens beside it, step by step.</summary>
internal sealed record ModelInput
{
    /// <summary>The feature column: numbers or tokens.</summary>
    public required ModelColumn Features { get; init; }

    /// <summary>Tokens beside numbers; null if there are none.</summary>
    public ModelColumn? Tokens { get; init; }

    /// <summary>Rows of every window of numbers, of which a step may be several; null when windows vary in length.</summary>
    public int? RowsOf(int rowSize) => Features.StepCount * Features.StepSize / rowSize;

    /// <summary>As one reads of it.</summary>
    public override string ToString() => Tokens is null ? Features.ToString() : Invariant($"{Features} beside {Tokens}");
}
