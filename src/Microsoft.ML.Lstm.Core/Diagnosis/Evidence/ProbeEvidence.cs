using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>A network on a few training examples, as it is at one time.</summary>
internal sealed record ProbeEvidence
{
    /// <summary>Its loss, without dropout.</summary>
    public required double Loss { get; init; }

    /// <summary>What the best constant prediction costs on the same examples.</summary>
    public required double Baseline { get; init; }

    /// <summary>What it predicts.</summary>
    public required PredictionEvidence Predictions { get; init; }

    /// <summary>Its layers, by layer, then direction; empty when the engine does not show them.</summary>
    public required IReadOnlyList<LayerObservation> Layers { get; init; }

    /// <summary>Steps of the longest example.</summary>
    public required int StepCount { get; init; }

    /// <summary>The loss as a fraction of the baseline.</summary>
    public double RelativeLoss => Loss / Baseline;
}
