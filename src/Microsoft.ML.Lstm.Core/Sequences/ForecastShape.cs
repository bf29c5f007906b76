using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Sequences;

/// <summary>The geometry of windows that a forecasting network is trained and run on. Immutable.</summary>
public sealed record ForecastShape
{
    /// <summary>Rows of the past that a window has at most, L; shorter ones stand at a series' beginning. At least 1.</summary>
    public int WindowLength { get; init; }

    /// <summary>Rows to forecast, H. At least 1.</summary>
    public int Horizon { get; init; }

    /// <summary>Rows of a segment, w: a step of a batch is a segment. Default: 1.</summary>
    public int SegmentLength { get; init; } = 1;

    /// <summary>Features of a row, F. Default: 1.</summary>
    public int FeatureSize { get; init; } = 1;

    /// <summary>Targets, C: the first features of a row. Default: 1.</summary>
    public int TargetCount { get; init; } = 1;

    /// <summary>Static covariates of a series. Default: 0.</summary>
    public int StaticSize { get; init; }

    /// <summary>Covariates that are known for each row of the horizon. Default: 0.</summary>
    public int FutureSize { get; init; }

    /// <summary>Whether batches say which series a window is from. Default: false.</summary>
    public bool HasSeries { get; init; }

    /// <summary>Throws when the parts do not fit together.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        Require(WindowLength > 0, nameof(WindowLength), WindowLength, "1 or more");
        Require(Horizon > 0, nameof(Horizon), Horizon, "1 or more");
        Require(SegmentLength > 0 && SegmentLength <= WindowLength, nameof(SegmentLength), SegmentLength, $"1 to {nameof(WindowLength)} ({WindowLength})");
        Require(FeatureSize > 0, nameof(FeatureSize), FeatureSize, "1 or more");
        Require(TargetCount > 0 && TargetCount <= FeatureSize, nameof(TargetCount), TargetCount, $"1 to {nameof(FeatureSize)} ({FeatureSize})");
        Require(StaticSize >= 0, nameof(StaticSize), StaticSize, "0 or more");
        Require(FutureSize >= 0, nameof(FutureSize), FutureSize, "0 or more");
        Require((long)SegmentLength * FeatureSize <= Array.MaxLength, nameof(FeatureSize), FeatureSize, $"so few that those of {SegmentLength} rows fit an array");
        Require((long)Horizon * Math.Max(TargetCount, FutureSize) <= Array.MaxLength, nameof(Horizon), Horizon, "so short that its values fit an array");
    }
}
