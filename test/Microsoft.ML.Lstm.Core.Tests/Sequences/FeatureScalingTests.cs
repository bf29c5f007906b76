using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Sequences;

public class FeatureScalingTests
{
    [Fact]
    public void OfFeatures_OverlappingWindows_CountsEachStepOnce()
    {
        float[] series = [1, 2, 4, 8, 16, 32];
        var dataset = Windows(series, 3);
        FeatureScaling scaling = FeatureScaling.OfFeatures(dataset);
        double mean = series.Average(), deviation = Math.Sqrt(series.Average(x => (x - mean) * (x - mean)));
        Assert.Equal(mean, scaling.Mean[0], 1e-6);
        Assert.Equal(deviation, scaling.Scale[0], 1e-6);
    }

    [Fact]
    public void OfFeatures_View_SeesOnlyItsSteps()
    {
        var view = Windows([1, 2, 4, 8, 16, 32], 3).Subset([2, 0]);
        Assert.Equal(new float[] { 1, 2, 4, 8, 16 }.Average(), FeatureScaling.OfFeatures(view).Mean[0], 1e-6f);
        Assert.Equal((8 + 32) / 2f, FeatureScaling.OfTargets(Windows([1, 2, 4, 8, 16, 32, 0], 3).Subset([0, 2])).Mean[0]);
    }

    [Fact]
    public void Apply_Constant_BecomesZeroAndComesBack()
    {
        var scaling = FeatureScaling.OfFeatures(Windows([0.1f, 0.1f, 0.1f, 0.1f, 0.1f], 2));
        Assert.Equal((0.1f, 1f), (scaling.Mean[0], scaling.Scale[0]));
        float[] values = [0.1f];
        scaling.Apply(values, values);
        Assert.Equal(0, values[0]);
        scaling.Undo(values, values);
        Assert.Equal(0.1f, values[0]);
    }

    [Fact]
    public void OfFeatures_SmallSpreadAroundALargeMean_IsSeen()
    {
        var scaling = FeatureScaling.OfFeatures(Windows([1e6f, 1e6f + 1, 1e6f + 2, 1e6f + 3], 2));
        Assert.Equal(Math.Sqrt(1.25), scaling.Scale[0], 1e-6);
    }

    [Fact]
    public void Undo_SeveralQuantiles_HaveTheirColumnsUnit()
    {
        var scaling = new FeatureScaling([10f, 100f], [2f, 20f]);
        float[] values = [-1, 0, 1, -1, 0, 1];
        scaling.Undo(values, values, valuesPerColumn: 3);
        Assert.Equal([8f, 10, 12, 80, 100, 120], values);
    }

    [Fact]
    public void FeatureScaling_NotFiniteOrOtherSizes_IsRefused()
    {
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => FeatureScaling.OfFeatures(Windows([1, float.NaN, 2, 3], 2))).Message);
        Assert.Contains("scale 0", Assert.Throws<ArgumentException>(() => new FeatureScaling([1f], [0f])).Message);
        var dataset = Windows([1, 2, 3, 4], 2);
        Assert.Contains("2 columns; expected 1", Assert.Throws<ArgumentException>(() => dataset.WithScaling(new([1f, 1f], [1f, 1f]), null)).Message);
    }

    private static SequenceDataset Windows(float[] series, int length)
    {
        var dataset = new SequenceDataset(new() { FeatureSize = 1 });
        for (int i = 0; i + length < series.Length; i++)
            dataset.Add(new SequenceExample { Features = series.AsSpan(i, length), Targets = series.AsSpan(i + length, 1) });
        // The last window completes the series; its target is of no matter here.
        dataset.Add(new SequenceExample { Features = series.AsSpan(series.Length - length, length), Targets = [0] });
        return dataset;
    }
}
