namespace Microsoft.ML.Lstm.Models;

/// <summary>A column of sequences that a model reads.</summary>
internal sealed record ModelColumn
{
    /// <summary>Name of the column.</summary>
    public required string Name { get; init; }

    /// <summary>Numbers per step; 0 when a step is a token.</summary>
    public int StepSize { get; init; }

    /// <summary>Number of distinct tokens, the unknown one (0) included; 0 when a step is numbers.</summary>
    public int VocabularySize { get; init; }

    /// <summary>Steps of every sequence; null when sequences vary.</summary>
    public int? StepCount { get; init; }

    /// <summary>The column as one reads of it.</summary>
    public override string ToString() => VocabularySize > 0
        ? Invariant($"'{Name}': {(StepCount is { } tokens ? Invariant($"{tokens} ") : "")}tokens of {VocabularySize}")
        : Invariant($"'{Name}': [{(StepCount is { } steps ? Invariant($"{steps}") : "*")}, {StepSize}]");
}
