using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Sequences;

public class SequenceDatasetTests
{
    [Fact]
    public void Add_MillionWindows_CostsOneSeries()
    {
        const int Windows = 1_000_000, T = 100, F = 8, H = 12;
        float[] series = Series(Windows + T + H, F);
        var dataset = new SequenceDataset(new() { FeatureSize = F, TargetSize = H });
        float[] labels = [.. Enumerable.Range(0, Windows + T + H).Select(i => series[i * F])];
        for (int i = 0; i < Windows; i++)
            dataset.Add(new SequenceExample { Features = series.AsSpan(i * F, T * F), Targets = labels.AsSpan(i + T, H) });
        Assert.Equal(Windows, dataset.Count);
        Assert.Equal((Windows + T - 1) * F + Windows + H - 1, dataset.StoredNumbers);
        Assert.Equal(series.AsSpan(777_777 * F, T * F), dataset.Features(777_777));
        Assert.Equal(labels.AsSpan(777_777 + T, H), dataset.Targets(777_777));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(29)]
    public void Add_AnyStride_IsFoundAndGroupsAreKeptApart(int stride)
    {
        const int T = 30, F = 2;
        float[] a = Series(500, F), b = [.. Series(500, F).Select(x => -x)];
        var dataset = new SequenceDataset(new() { FeatureSize = F, Target = TargetKind.None });
        foreach (float[] series in (float[][])[a, b])
            for (int i = 0; i + T <= 500; i += stride)
                dataset.Add(new SequenceExample { Features = series.AsSpan(i * F, T * F) });
        int perGroup = (500 - T) / stride + 1;
        Assert.Equal(2 * perGroup, dataset.Count);
        Assert.Equal(2 * ((perGroup - 1) * stride + T) * F, dataset.StoredNumbers);
        Assert.Equal(b.AsSpan(stride * F, T * F), dataset.Features(perGroup + 1));
    }

    [Fact]
    public void Features_OverlappingExamples_AreWhatWasAdded()
    {
        var random = new RandomStream(5UL);
        var dataset = new SequenceDataset(new() { FeatureSize = 1, HasTokens = true, TargetSize = 2 });
        var added = new List<(float[] Features, int[] Tokens, float[] Targets)>();
        for (int i = 0; i < 2000; i++)
        {
            int length = 1 + random.NextInt(9);
            // Few distinct values, so that accidental overlaps of every kind occur.
            added.Add((
                [.. Enumerable.Range(0, length).Select(_ => (float)random.NextInt(2))],
                [.. Enumerable.Range(0, length).Select(_ => random.NextInt(2))],
                [random.NextInt(2), random.NextInt(2)]));
            dataset.Add(new SequenceExample { Features = added[i].Features, Tokens = added[i].Tokens, Targets = added[i].Targets, Weight = i });
        }
        for (int i = 0; i < added.Count; i++)
        {
            Assert.Equal(added[i].Features, dataset.Features(i));
            Assert.Equal(added[i].Tokens, dataset.Tokens(i));
            Assert.Equal(added[i].Targets, dataset.Targets(i));
            Assert.Equal(i, dataset.Weight(i));
        }
    }

    [Fact]
    public void Fill_RaggedExamples_PacksTargetsAtEveryStep()
    {
        var dataset = new SequenceDataset(new() { FeatureSize = 2, HasTokens = true, TargetSize = 3, TargetEveryStep = true });
        int[] lengths = [2, 4, 1, 3];
        for (int i = 0; i < 4; i++)
            dataset.Add(new SequenceExample
            {
                Features = [.. Enumerable.Range(0, lengths[i] * 2).Select(k => i * 100f + k)],
                Tokens = [.. Enumerable.Range(0, lengths[i]).Select(k => i * 10 + k)],
                Targets = [.. Enumerable.Range(0, lengths[i] * 3).Select(k => i * 1000f + k)],
                Weight = i + 1,
            });
        var batch = new SequenceBatch();
        int[] chosen = [0, 3, 1];
        dataset.Fill(batch, chosen);
        Assert.Equal([4, 3, 2], batch.Lengths);
        for (int p = 0; p < 3; p++)
        {
            int example = chosen[batch.Order[p]];
            Assert.Equal(example + 1, batch.Weights[p]);
            for (int t = 0; t < lengths[example]; t++)
            {
                int row = batch.Row(p, t);
                Assert.Equal(dataset.Features(example).Slice(t * 2, 2), batch.Features.Slice(row * 2, 2));
                Assert.Equal(example * 10 + t, batch.Tokens[row]);
                Assert.Equal(dataset.Targets(example).Slice(t * 3, 3), batch.Targets.Slice(row * 3, 3));
            }
        }
    }

    [Fact]
    public void Fill_Scaling_ScalesFeaturesAndTargets()
    {
        var dataset = new SequenceDataset(new() { FeatureSize = 1, TargetSize = 1 });
        dataset.Add(new SequenceExample { Features = [10, 14], Targets = [100] });
        dataset.Add(new SequenceExample { Features = [14, 18], Targets = [300] });
        var scaled = dataset.WithScaling(new([14f], [4f]), new([200f], [50f]));
        var batch = new SequenceBatch();
        scaled.Fill(batch, [0, 1]);
        Assert.Equal([-1f, 0, 0, 1], batch.Features);
        Assert.Equal([-2f, 2], batch.Targets);
        Assert.Equal([10f, 14], scaled.Features(0));
    }

    [Fact]
    public void Fill_OnceGrown_AllocatesNothing()
    {
        var dataset = new SequenceDataset(new() { FeatureSize = 3, Target = TargetKind.Class });
        for (int i = 0; i < 20; i++)
            dataset.Add(new SequenceExample { Features = Series(20 - i, 3), Classes = [i % 4] });
        int[] chosen = [1, 4, 7, 19];
        var batch = new SequenceBatch();
        dataset.Fill(batch, chosen);
        long before = GC.GetAllocatedBytesForCurrentThread();
        dataset.Fill(batch, chosen);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal([1, 0, 3, 3], batch.Classes);
    }

    [Fact]
    public void SplitLast_Fraction_IsInOrder()
    {
        var dataset = new SequenceDataset(new() { FeatureSize = 1 });
        for (int i = 0; i < 10; i++)
            dataset.Add(new SequenceExample { Features = [i, i * i], Targets = [i] });
        var (first, last) = dataset.SplitLast(0.3);
        Assert.Equal((7, 3), (first.Count, last.Count));
        Assert.Equal(7, last.Targets(0)[0]);
        Assert.Equal([0f, 1, 2, 3, 4, 5, 6], Targets(first));
    }

    [Fact]
    public void CutIntoStreams_OneStream_IsReadInChunks()
    {
        var dataset = new SequenceDataset(new() { HasTokens = true, Target = TargetKind.Class, TargetEveryStep = true });
        int[] text = [.. Enumerable.Range(0, 24)];
        dataset.Add(new SequenceExample { Tokens = text.AsSpan(0, 23), Classes = text.AsSpan(1, 23) });
        var (training, held) = dataset.SplitLast(2 / 23.0);
        Assert.Equal((21, 2), (training.Length(0), held.Length(0)));
        Assert.Equal([21, 22], held.Tokens(0));
        var streams = training.CutIntoStreams(3);
        var batch = new SequenceBatch();
        streams.Fill(batch, [0, 1, 2], firstStep: 5, stepCount: 4);
        Assert.Equal([2, 2, 2], batch.Lengths);
        Assert.Equal([5, 12, 19, 6, 13, 20], batch.Tokens);
        Assert.Equal([6, 13, 20, 7, 14, 21], batch.Classes);
    }

    [Fact]
    public void Add_WhatDoesNotFit_IsRefused()
    {
        var dataset = new SequenceDataset(new() { FeatureSize = 2, HasTokens = true, TargetSize = 1 });
        Refused("3 numbers in Features; expected a multiple of 2", () => dataset.Add(new SequenceExample { Features = [1, 2, 3], Tokens = [1], Targets = [1] }));
        Refused("0 steps", () => dataset.Add(new SequenceExample { Targets = [1] }));
        Refused("2 values in Tokens; expected 1", () => dataset.Add(new SequenceExample { Features = [1, 2], Tokens = [1, 2], Targets = [1] }));
        Refused("-1 in Tokens", () => dataset.Add(new SequenceExample { Features = [1, 2], Tokens = [-1], Targets = [1] }));
        Refused("0 values in Targets; expected 1", () => dataset.Add(new SequenceExample { Features = [1, 2], Tokens = [1] }));
        Refused("1 value in Classes; expected 0", () => dataset.Add(new SequenceExample { Features = [1, 2], Tokens = [1], Targets = [1], Classes = [1] }));
        Refused("weight of example 0 is NaN", () => dataset.Add(new SequenceExample { Features = [1, 2], Tokens = [1], Targets = [1], Weight = float.NaN }));
        Assert.Equal(0, dataset.Count);
        dataset.Add(new SequenceExample { Features = [1, 2, 3, 4], Tokens = [1, 2], Targets = [1] });
        Refused("one target for all its steps", () => dataset.Slice(0, 0, 1));
        Refused("expected at least 2", () => dataset.SplitLast(0.5));
        Assert.Throws<InvalidOperationException>(() => dataset.Range(0, 1).Add(new SequenceExample { Features = [1, 2], Tokens = [1], Targets = [1] }));
    }

    private static void Refused(string message, Action action) => Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message);

    private static float[] Targets(SequenceDataset dataset) => [.. Enumerable.Range(0, dataset.Count).Select(i => dataset.Targets(i)[0])];

    private static float[] Series(int rows, int width) => [.. Enumerable.Range(0, rows * width).Select(i => MathF.Sin(i * 0.37f) + i * 1e-3f)];
}
