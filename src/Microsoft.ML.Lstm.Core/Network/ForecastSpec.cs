using System.Text.Json.Serialization;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// What makes a network a forecasting network: how the past is cut into segments, what is known besides it, and what is forecast. Immutable.
/// <para>A step of the encoder is a segment of <see cref="SegmentLength"/> rows, each of <see cref="NetworkSpec.InputSize"/> /
/// <see cref="SegmentLength"/> features, row after row; the first <see cref="TargetCount"/> features of a row are the targets themselves. The outputs are
/// [horizon, targets, quantiles], quantiles fastest: <see cref="NetworkSpec.OutputSize"/> = <see cref="Horizon"/> · <see cref="TargetCount"/> ·
/// <see cref="QuantileCount"/>. With segments of 24, a window of 720 and a GRU this is SegRNN (Lin et al. 2023).</para>
/// </summary>
public sealed record ForecastSpec
{
    /// <summary>Steps to forecast, H; need not be a multiple of <see cref="SegmentLength"/>. At least 1.</summary>
    public int Horizon { get; init; }

    /// <summary>Rows of a segment, w; 1 reads step by step. Default: 1.</summary>
    public int SegmentLength { get; init; } = 1;

    /// <summary>Series that are forecast together, C: the first C features of each row. Default: 1.</summary>
    public int TargetCount { get; init; } = 1;

    /// <summary>Values per target and step of the horizon, Q: one, or as many as the loss has quantiles. Default: 1.</summary>
    public int QuantileCount { get; init; } = 1;

    /// <summary>
    /// Whether the quantiles are the middle one plus and minus sums of positive increments, so that they never cross; otherwise each is an output of
    /// its own. Default: false.
    /// </summary>
    public bool OrderedQuantiles { get; init; }

    /// <summary>
    /// Whether segments pass a rectified linear layer of <see cref="DecoderSize"/> units before the recurrent layers. The decoder's cells then are the
    /// encoder's, as both read as many values; otherwise the decoder has cells of its own. Default: true.
    /// </summary>
    public bool EmbedsSegments { get; init; } = true;

    /// <summary>D, values that enter the decoder for each segment of the horizon, and the encoder where <see cref="EmbedsSegments"/>.</summary>
    public int DecoderSize { get; init; }

    /// <summary>Number of series that have an embedding, 1 … N; another embedding, 0, is that of every series not seen. 0: no embedding. Default: 0.</summary>
    public int SeriesCount { get; init; }

    /// <summary>Length of a series' embedding, below <see cref="DecoderSize"/>, the rest of which is the position's; 0 exactly when <see cref="SeriesCount"/> is.</summary>
    public int SeriesSize { get; init; }

    /// <summary>Static covariates of a sequence. Default: 0.</summary>
    public int StaticSize { get; init; }

    /// <summary>Covariates that are known for each step of the horizon. Default: 0.</summary>
    public int FutureSize { get; init; }

    /// <summary>
    /// Last rows of the window from which each target also has a linear forecast of its own, added to the network's (LSTNet, Lai et al. 2018); the
    /// weights begin at zero and are shared by all targets. 0: none. Default: 0.
    /// </summary>
    public int SkipLength { get; init; }

    /// <summary>M, segments of the horizon; the last may be cut.</summary>
    [JsonIgnore]
    public int SegmentCount => (int)(((long)Horizon + SegmentLength - 1) / SegmentLength);

    /// <summary>Length of a position's embedding.</summary>
    [JsonIgnore]
    public int PositionSize => DecoderSize - SeriesSize;

    /// <summary>Values per step of the horizon: targets times quantiles.</summary>
    [JsonIgnore]
    public int StepOutputs => TargetCount * QuantileCount;

    /// <summary>Covariates that the decoder reads at each segment: the static ones, then the segment's future ones.</summary>
    [JsonIgnore]
    public int CovariateSize => StaticSize + (SegmentLength * FutureSize);

    /// <summary>Throws when the parts do not fit together or the network around them.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    internal void Validate(NetworkSpec network)
    {
        Require(Horizon > 0, nameof(Horizon), Horizon, "1 or more");
        Require(SegmentLength > 0, nameof(SegmentLength), SegmentLength, "1 or more");
        Require(TargetCount > 0, nameof(TargetCount), TargetCount, "1 or more");
        Require(QuantileCount > 0, nameof(QuantileCount), QuantileCount, "1 or more");
        Require(DecoderSize > 0, nameof(DecoderSize), DecoderSize, "1 or more");
        Require(SeriesCount is >= 0 and < int.MaxValue, nameof(SeriesCount), SeriesCount, $"0 to {int.MaxValue - 1}");
        Require(SeriesSize >= 0 && SeriesSize > 0 == SeriesCount > 0 && SeriesSize < DecoderSize, nameof(SeriesSize), SeriesSize,
            SeriesCount > 0 ? Invariant($"more than 0 and less than {nameof(DecoderSize)} ({DecoderSize})") : $"0, since {nameof(SeriesCount)} is 0");
        Require(StaticSize >= 0, nameof(StaticSize), StaticSize, "0 or more");
        Require(FutureSize >= 0, nameof(FutureSize), FutureSize, "0 or more");
        Require(SkipLength >= 0, nameof(SkipLength), SkipLength, "0 or more");
        Require(!OrderedQuantiles || QuantileCount > 1, nameof(OrderedQuantiles), true, $"false, since {nameof(QuantileCount)} is {QuantileCount}");
        ValidateSizes(network);
        Require(!network.Bidirectional, nameof(network.Bidirectional), true, "false for a forecasting network, whose decoder continues in time");
        Require(!network.LayerNormalization, nameof(network.LayerNormalization), true, "false for a forecasting network");
        Require(network.VocabularySize == 0, nameof(network.VocabularySize), network.VocabularySize, "0 for a forecasting network");
        Require(network.Output == OutputPosition.LastStep, nameof(network.Output), network.Output, $"{OutputPosition.LastStep} for a forecasting network");
    }

    private void ValidateSizes(NetworkSpec network)
    {
        Require((long)StaticSize + ((long)SegmentLength * FutureSize) <= int.MaxValue, nameof(FutureSize), FutureSize,
            $"so few that those of a segment of {SegmentLength} rows can be counted");
        Require(network.InputSize % SegmentLength == 0, nameof(network.InputSize), network.InputSize,
            $"a multiple of {nameof(SegmentLength)} ({SegmentLength})");
        Require(network.InputSize / SegmentLength >= TargetCount, nameof(network.InputSize), network.InputSize,
            $"at least {nameof(SegmentLength)} times {nameof(TargetCount)} ({SegmentLength} times {TargetCount})");
        Require((Int128)Horizon * TargetCount * QuantileCount == network.OutputSize, nameof(network.OutputSize), network.OutputSize,
            $"{nameof(Horizon)} times {nameof(TargetCount)} times {nameof(QuantileCount)} ({Horizon} times {TargetCount} times {QuantileCount})");
    }
}
