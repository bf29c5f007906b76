using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public class BatchOrderTests
{
    [Theory]
    [InlineData(BatchOrderKind.Sequential)]
    [InlineData(BatchOrderKind.Shuffled)]
    [InlineData(BatchOrderKind.LengthBuckets)]
    public void BeginEpoch_AnyKind_EveryExampleComesOnce(BatchOrderKind kind)
    {
        var order = new BatchOrder(TrainingData.Linear(23), kind, batchSize: 5, seed: 3);
        Assert.Equal(5, order.BatchCount);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            order.BeginEpoch(epoch);
            Assert.Equal(Enumerable.Range(0, 23), Walk(order).Order());
        }
    }

    [Fact]
    public void BeginEpoch_SameSeedAndEpoch_GivesTheSameOrder()
    {
        var dataset = TrainingData.Linear(40);
        BatchOrder a = new(dataset, BatchOrderKind.LengthBuckets, 8, seed: 1), b = new(dataset, BatchOrderKind.LengthBuckets, 8, seed: 1);
        a.BeginEpoch(0);
        int[] first = Walk(a);
        a.BeginEpoch(1);
        b.BeginEpoch(1);
        Assert.Equal(Walk(a), Walk(b));
        Assert.NotEqual(first, Walk(a));
        Assert.NotEqual(first, Walk(new(dataset, BatchOrderKind.LengthBuckets, 8, seed: 2)));
    }

    [Fact]
    public void BeginEpoch_LengthBuckets_HoldSimilarLengthsInRandomOrder()
    {
        var dataset = TrainingData.Linear(200, longest: 50);
        var order = new BatchOrder(dataset, BatchOrderKind.LengthBuckets, 10, seed: 1);
        int[] longest = new int[20];
        for (int i = 0; i < 20; i++)
        {
            int[] lengths = [.. order.Examples(i).ToArray().Select(dataset.Length)];
            Assert.Equal(lengths.OrderDescending(), lengths);
            Assert.InRange(lengths[0] - lengths[^1], 0, 9);
            longest[i] = lengths[0];
        }
        Assert.NotEqual(longest.Order(), longest);
        Assert.NotEqual(longest.OrderDescending(), longest);
    }

    [Fact]
    public void BeginEpoch_EqualLengths_AreShuffledIntoNewBatches()
    {
        var order = new BatchOrder(TrainingData.Linear(64, longest: 1), BatchOrderKind.LengthBuckets, 8);
        int[] first = [.. order.Examples(0).ToArray().Order()];
        order.BeginEpoch(1);
        Assert.DoesNotContain(Enumerable.Range(0, order.BatchCount), i => order.Examples(i).ToArray().Order().SequenceEqual(first));
    }

    [Theory]
    [InlineData(BatchOrderKind.Shuffled)]
    [InlineData(BatchOrderKind.LengthBuckets)]
    public void BeginEpoch_ExamplesPerEpoch_DrawsOthersEachEpoch(BatchOrderKind kind)
    {
        var dataset = TrainingData.Linear(100, longest: 20);
        var order = new BatchOrder(dataset, kind, batchSize: 4, seed: 3, examplesPerEpoch: 10);
        Assert.Equal(3, order.BatchCount);
        var seen = new HashSet<int>();
        for (int epoch = 0; epoch < 60; epoch++)
        {
            order.BeginEpoch(epoch);
            int[] drawn = Walk(order);
            Assert.Equal(10, drawn.Distinct().Count());
            for (int batch = 0; batch < order.BatchCount; batch++)
                Assert.Equal(order.Examples(batch).ToArray().Select(dataset.Length).OrderDescending(), order.Examples(batch).ToArray().Select(dataset.Length));
            seen.UnionWith(drawn);
        }
        Assert.Equal(100, seen.Count);
    }

    [Fact]
    public void BeginEpoch_Sequential_KeepsBatchesTogether()
    {
        var order = new BatchOrder(TrainingData.Linear(10), BatchOrderKind.Sequential, 4);
        Assert.Equal([4, 5, 6, 7], order.Examples(1).ToArray().Order());
        Assert.Equal([8, 9], order.Examples(2).ToArray().Order());
    }

    [Fact]
    public void Fill_Streams_WalkInParallelWithoutAGap()
    {
        var order = new BatchOrder(TrainingData.Stream(103), BatchOrderKind.Streams, batchSize: 4, chunkSteps: 10);
        Assert.Equal(3, order.BatchCount);
        var batch = new SequenceBatch();
        var seen = new List<float>[4];
        for (int i = 0; i < 3; i++)
        {
            order.Fill(batch, i);
            Assert.Equal((4, i < 2 ? 10 : 5), (batch.SequenceCount, batch.StepCount));
            for (int p = 0; p < 4; p++)
                for (int t = 0; t < batch.StepCount; t++)
                    (seen[p] ??= []).Add(batch.Features[batch.Row(p, t)]);
        }
        for (int p = 0; p < 4; p++)
            Assert.Equal(Enumerable.Range(25 * p, 25).Select(i => MathF.Sin(i * 0.3f)), seen[p]);
    }

    [Fact]
    public void BatchOrder_WhatCannotBeBatched_IsRefused()
    {
        Assert.Contains("BatchSize is 0", Assert.Throws<ArgumentException>(() => new BatchOrder(TrainingData.Linear(3), BatchOrderKind.Shuffled, 0)).Message);
        Assert.Contains("examples is 0", Assert.Throws<ArgumentException>(() => new BatchOrder(TrainingData.Linear(0), BatchOrderKind.Shuffled, 1)).Message);
        Assert.Contains("has 3 examples", Assert.Throws<ArgumentException>(() => new BatchOrder(TrainingData.Linear(3), BatchOrderKind.Streams, 1)).Message);
        Assert.Contains("has 5 steps", Assert.Throws<ArgumentException>(() => new BatchOrder(TrainingData.Stream(5), BatchOrderKind.Streams, 6)).Message);
    }

    private static int[] Walk(BatchOrder order) => [.. Enumerable.Range(0, order.BatchCount).SelectMany(i => order.Examples(i).ToArray())];
}
