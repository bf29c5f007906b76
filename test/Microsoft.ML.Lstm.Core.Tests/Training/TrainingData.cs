using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>Small exactly generated datasets.</summary>
internal static class TrainingData
{
    /// <summary>Ragged sequences of two features; the target is linear in the last step.</summary>
    public static SequenceDataset Linear(int count, ulong seed = 1, int longest = 4)
    {
        var random = new RandomStream(seed);
        var dataset = new SequenceDataset(new() { FeatureSize = 2 });
        for (int i = 0; i < count; i++)
        {
            float[] features = new float[2 * (1 + random.NextInt(longest))];
            foreach (ref float value in features.AsSpan())
                value = (float)random.NextGaussian();
            dataset.Add(new SequenceExample { Features = features, Targets = [3 * features[^2] - features[^1] + 0.5f] });
        }
        return dataset;
    }

    /// <summary>One long series of one feature with its next value as the target of each step.</summary>
    public static SequenceDataset Stream(int steps)
    {
        float[] series = [.. Enumerable.Range(0, steps + 1).Select(i => MathF.Sin(i * 0.3f))];
        var dataset = new SequenceDataset(new() { FeatureSize = 1, TargetEveryStep = true });
        dataset.Add(new SequenceExample { Features = series.AsSpan(0, steps), Targets = series.AsSpan(1, steps) });
        return dataset;
    }
}
