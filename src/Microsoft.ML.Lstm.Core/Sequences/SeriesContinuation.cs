namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Says that numeric targets continue series that are among the features: the S series of a target stand side by side, horizon after horizon, so
/// that target j is a value of series j mod S, <see cref="FirstStep"/> + j / S steps after the example's last step. So the naive forecasts of the
/// targets are known.
/// </summary>
public sealed record SeriesContinuation
{
    /// <summary>The place of each series within a step, from 0; −1: it is not among the features. At least one.</summary>
    public required IReadOnlyList<int> Features { get; init; }

    /// <summary>Steps from the example's last step to the first target. Range: 1 or more. Default: 1.</summary>
    public int FirstStep { get; init; } = 1;

    /// <summary>The place within a step of the series that a target continues; −1 if it is not among the features.</summary>
    public int FeatureOf(int target) => Features[target % Features.Count];

    internal bool Fits(SequenceShape shape) =>
        Features.Count > 0 && FirstStep > 0 && Features.All(feature => feature >= -1 && feature < shape.FeatureSize)
        && shape is { Target: TargetKind.Numbers, TargetEveryStep: false };
}
