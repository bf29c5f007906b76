namespace Microsoft.ML.Lstm.Sequences;

/// <summary>What a window is packed from: slices of its series, or of a message that another process has sent.</summary>
internal readonly ref struct WindowValues
{
    /// <summary>Features of the rows that it looks back on: [rows, F].</summary>
    public required ReadOnlySpan<float> Past { get; init; }

    /// <summary>Rows from its origin on that are known, the targets first in each: [rows, <see cref="AheadWidth"/>].</summary>
    public required ReadOnlySpan<float> Ahead { get; init; }

    /// <summary>Values of a row of <see cref="Ahead"/>.</summary>
    public required int AheadWidth { get; init; }

    /// <summary>Known covariates of its horizon: [H, covariates].</summary>
    public required ReadOnlySpan<float> Futures { get; init; }

    /// <summary>Static covariates: [S].</summary>
    public required ReadOnlySpan<float> Statics { get; init; }
}
