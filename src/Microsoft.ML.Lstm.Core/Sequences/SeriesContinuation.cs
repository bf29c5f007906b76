namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Says that numeric targets continue the series of a feature: target h of an example, from 0, is what the feature is
/// <see cref="FirstStep"/> + h steps after the example's last step. So the naive forecasts of the targets are known.
/// </summary>
public sealed record SeriesContinuation
{
    /// <summary>The feature, from 0, within a step.</summary>
    public required int Feature { get; init; }

    /// <summary>Steps from the example's last step to the first target. Range: 1 or more. Default: 1.</summary>
    public int FirstStep { get; init; } = 1;

    /// <summary>Whether the targets are differences from the feature's value at the example's last step. Default: false.</summary>
    public bool AsDifference { get; init; }
}
