using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>What must be the same in every process of the data that each has read, before they tell each other of it.</summary>
internal sealed record DataHandshake
{
    /// <summary>Who holds what.</summary>
    public DistributedData DistributedData { get; init; }

    /// <summary>What the data is for: "training" or "validation".</summary>
    public string? Purpose { get; init; }

    public int FeatureSize { get; init; }

    public bool HasTokens { get; init; }

    public TargetKind Target { get; init; }

    public int TargetSize { get; init; }

    public bool TargetEveryStep { get; init; }

    public int LabelGap { get; init; }

    /// <summary>A hash of what keys stand for: classes and tokens of the same number must be the same.</summary>
    public string? KeyValues { get; init; }

    public static DataHandshake Of(SequenceDataset dataset, DistributedData data, string purpose, string? keyValues) => new()
    {
        DistributedData = data,
        Purpose = purpose,
        FeatureSize = dataset.Shape.FeatureSize,
        HasTokens = dataset.Shape.HasTokens,
        Target = dataset.Shape.Target,
        TargetSize = dataset.Shape.TargetSize,
        TargetEveryStep = dataset.Shape.TargetEveryStep,
        LabelGap = dataset.LabelGap,
        KeyValues = keyValues,
    };

    /// <inheritdoc cref="Handshake.Require(IProcessGroup)"/>
    public void Require(IProcessGroup group) => Handshake.Require(group, this, CheckpointJson.Default.DataHandshake);
}
