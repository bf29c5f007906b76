using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Sequences;

public sealed class WindowLevelsTests
{
    [Fact]
    public void Apply_LastValue_SubtractsEachFeaturesOwn()
    {
        var levels = new WindowLevels(new WindowTransform { Normalization = WindowNormalization.LastValue, RowSize = 2, TargetFeatures = [1, -1] });
        float[] window = [1, 10, 2, 20, 4, 50], targets = [60, 7];
        levels.Measure(window);

        levels.Apply(window, window);
        levels.ApplyToTargets(targets, targets);

        Assert.Equal([-3, -40, -2, -30, 0, 0], window);
        Assert.Equal([10, 7], targets);
        levels.Undo(targets, 1);
        Assert.Equal([60, 7], targets);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e6)]
    public void Apply_LastValueAndScale_IsTheSameAtEveryLevel(float level)
    {
        var levels = new WindowLevels(new WindowTransform { Normalization = WindowNormalization.LastValueAndScale, TargetFeatures = [0] });
        float[] window = [level, 2 * level, 4 * level], outputs = [1, 2];
        levels.Measure(window);

        levels.Apply(window, window);
        levels.Undo(outputs, valuesPerTarget: 2);

        double deviation = Math.Sqrt(14 / 9.0);
        Assert.Equal([-3 / deviation, -2 / deviation, 0], window.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([4 + deviation, 4 + (2 * deviation)], outputs.Select(value => (double)value / level), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e6f)]
    [InlineData(float.MaxValue)]
    public void Undo_ConstantWindow_IsItsConstant(float constant)
    {
        var levels = new WindowLevels(new WindowTransform { Normalization = WindowNormalization.LastValueAndScale, TargetFeatures = [0] });
        float[] window = [constant, constant, constant], outputs = [3], targets = [5];
        levels.Measure(window);

        levels.Apply(window, window);
        levels.ApplyToTargets(targets, targets);
        levels.Undo(outputs, 1);

        Assert.Equal([0, 0, 0], window);
        Assert.Equal([0], targets);
        Assert.Equal([constant], outputs);
    }

    [Fact]
    public void Fill_NormalisedAndScaled_IsWhatScoringUndoes()
    {
        var dataset = new SequenceDataset(new SequenceShape { FeatureSize = 1, TargetSize = 2 });
        for (int i = 0; i < 20; i++)
            dataset.Add(new SequenceExample { Features = [i, i + 1, i + 2], Targets = [i + 3, i + 4] });
        SequenceDataset line = dataset.WithWindow(new WindowTransform { Normalization = WindowNormalization.LastValue, TargetFeatures = [0] });
        FeatureScaling features = FeatureScaling.OfFeatures(line), targets = FeatureScaling.OfTargets(line);
        var batch = new SequenceBatch();

        line.WithScaling(features, targets).Fill(batch, [0, 7, 19]);

        Assert.Equal([1, 2], targets.Mean.ToArray());
        Assert.Equal([-1], features.Mean.ToArray());
        Assert.All(batch.Targets.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(batch.Features[..3].ToArray().Distinct(), batch.Features[..1].ToArray());
        Assert.Throws<ArgumentException>(() => new SequenceDataset(new SequenceShape { FeatureSize = 1, TargetEveryStep = true })
            .WithWindow(new WindowTransform { Normalization = WindowNormalization.LastValue, TargetFeatures = [0] }));
    }
}
