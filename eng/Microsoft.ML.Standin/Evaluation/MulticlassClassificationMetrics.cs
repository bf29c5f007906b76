using System.Collections.Immutable;

namespace Microsoft.ML.Data;

public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassCounts counts, int topKPredictionCount, ConfusionMatrix confusionMatrix)
    {
        MicroAccuracy = counts.MicroAccuracy;
        MacroAccuracy = counts.MacroAccuracy;
        LogLoss = counts.LogLoss;
        LogLossReduction = counts.LogLossReduction;
        PerClassLogLoss = [.. counts.PerClassLogLoss];
        TopKPredictionCount = topKPredictionCount;
        TopKAccuracyForAllK = topKPredictionCount > 0 ? counts.GetTopKAccuracies(topKPredictionCount).ToImmutableArray() : null;
        ConfusionMatrix = confusionMatrix;
    }

    public double LogLoss { get; }

    public double LogLossReduction { get; }

    public double MacroAccuracy { get; }

    public double MicroAccuracy { get; }

    public double TopKAccuracy => TopKAccuracyForAllK?.LastOrDefault() ?? 0;

    public int TopKPredictionCount { get; }

    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
