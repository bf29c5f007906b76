using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>Looks at the training data once, before the first update.</summary>
internal static class DataSurvey
{
    // Enough labels that the baseline is known to half a percent.
    private const int MostLabels = 200_000;

    public static DataEvidence Of(SequenceDataset dataset, NetworkSpec network, LossSpec loss, RandomStream random)
    {
        LabelSample labels = LabelSample.Of(dataset, loss, MostLabels, random);
        // What there was to learn, a line and the network learn together: a constant prediction is measured against all of it.
        LabelSample whole = dataset.Window is { Linear: not null } ? LabelSample.Of(dataset.WithoutLinear(), loss, MostLabels, random) : labels;
        LeakWindows? windows = LeakWindows.Of(dataset, network.Bidirectional, random);
        return new DataEvidence
        {
            ExampleCount = dataset.Count,
            TargetCount = (dataset.Shape.TargetEveryStep ? dataset.StepCount : dataset.Count) * Math.Max(1, labels.Size),
            Features = ColumnSurvey.OfFeatures(dataset, random),
            Targets = loss.Kind == LossKind.BinaryCrossEntropy ? [] : ColumnSurvey.OfTargets(labels),
            HasOneToken = dataset.Shape.HasTokens && HasOneToken(dataset),
            ClassCounts = ByClass(labels, loss, weighted: false),
            ClassWeights = ByClass(labels, loss, weighted: true),
            Baseline = NoInformationLoss.Of(loss, whole, network.OutputSize),
            Leak = windows is null ? null : LeakSearch.Search(windows),
        };
    }

    /// <summary>How many of the values are NaN or infinite: all are looked at.</summary>
    public static long CountNotFinite(SequenceDataset dataset)
    {
        long count = 0;
        foreach ((int start, int rows) in dataset.Shape.FeatureSize > 0 ? dataset.CoveredFeatureRows() : [])
            count += CountNotFinite(dataset.FeatureRows(start, rows));
        for (int example = 0; example < dataset.Count; example++)
            count += CountNotFinite(dataset.Targets(example));
        return count;
    }

    private static long CountNotFinite(ReadOnlySpan<float> values)
    {
        long count = 0;
        foreach (float value in values)
            count += float.IsFinite(value) ? 0 : 1;
        return count;
    }

    private static bool HasOneToken(SequenceDataset dataset)
    {
        for (int example = 0; example < dataset.Count; example++)
            if (dataset.Tokens(example).IndexOfAnyExcept(dataset.Tokens(0)[0]) >= 0)
                return false;
        return true;
    }

    /// <summary>Labels of each class, or of the two sides of one binary label; or what they count in the loss.</summary>
    private static double[] ByClass(LabelSample labels, LossSpec loss, bool weighted)
    {
        bool binary = loss.Kind == LossKind.BinaryCrossEntropy && labels.Size == 1;
        if (labels.Count == 0 || !(binary || loss.TargetsAreClasses && labels.Size == 0))
            return [];
        double[] sums = new double[binary ? 2 : labels.LargestClass + 1];
        for (int i = 0; i < labels.Count; i++)
            sums[binary ? (labels.Numbers[i] > 0.5f ? 1 : 0) : labels.Classes[i]] += weighted ? labels.Weights[i] : 1;
        return sums;
    }
}
