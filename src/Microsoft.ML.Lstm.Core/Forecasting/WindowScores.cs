namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>A window's outputs beside what came, both in normalised units.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Origin">Rows that were known.</param>
/// <param name="Unit">The channel's.</param>
/// <param name="Level">The window's level and scale.</param>
/// <param name="Outputs">[H, Q].</param>
/// <param name="Targets">[H]; NaN is missing.</param>
internal readonly record struct WindowScores(int Channel, int Origin, ChannelUnit Unit, WindowLevel Level, ReadOnlyMemory<float> Outputs, float[] Targets)
{
    /// <summary>What came in a step of the horizon.</summary>
    public float Target(int step) => Targets[step];

    /// <summary>The outputs for a step: [Q].</summary>
    public ReadOnlySpan<float> Output(int step, int quantiles) => Outputs.Span.Slice(step * quantiles, quantiles);
}
