namespace Microsoft.ML.Lstm.Export;

/// <summary>What a model reads, as values of a graph; empty where there is none.</summary>
internal sealed record ExportedInput
{
    /// <summary>Numbers, [B, T, F].</summary>
    public string Features { get; init; } = "";

    /// <summary>Tokens, [B, T] of 64 bits.</summary>
    public string Tokens { get; init; } = "";

    /// <summary>The sequences' lengths, [B] of 32 bits; empty: all are as long as the longest.</summary>
    public string Lengths { get; init; } = "";

    /// <summary>The length of all sequences, where it is known when the graph is written.</summary>
    public int? Steps { get; init; }

    /// <summary>The state before the first step, layer by layer, each [directions, B or 1, H]; null: the model's own.</summary>
    public IReadOnlyList<LayerState>? State { get; init; }
}
