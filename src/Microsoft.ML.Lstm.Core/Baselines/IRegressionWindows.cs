namespace Microsoft.ML.Lstm.Baselines;

/// <summary>Windows, and what followed each: what a linear regression from the one to the other is solved from.</summary>
internal interface IRegressionWindows
{
    /// <summary>How many.</summary>
    int Count { get; }

    /// <summary>Writes a window and what followed it, both normalised.</summary>
    /// <param name="window">Which.</param>
    /// <param name="x">[z, 1]: L values and the constant; all times the root of the weight, where windows are weighed.</param>
    /// <param name="y">H values, times the same.</param>
    void Fill(int window, Span<float> x, Span<float> y);
}
