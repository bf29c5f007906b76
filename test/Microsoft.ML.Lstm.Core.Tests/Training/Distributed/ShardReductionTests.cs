using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Core.Tests.Training.Distributed;

public sealed class ShardReductionTests
{
    private const int Segment = 64;

    [Theory]
    [InlineData(1, 1, 17)]
    [InlineData(2, 4, 17)]
    [InlineData(3, 4, 17)]
    [InlineData(4, 4, 17)]
    [InlineData(5, 4, 17)]
    [InlineData(3, 7, 2)]
    [InlineData(4, 9, 100)]
    [InlineData(3, 4, (3 * Segment) + 1)]
    [InlineData(4, 6, 4 * Segment)]
    public void Run_AnyNumberOfProcesses_AddsInTheTreesOrder(int size, int shards, int length)
    {
        (float[] gradient, LossSum loss) expected = (Sum(new ShardRange(0, shards), length), AddLosses(new ShardRange(0, shards)));

        (float[] Gradient, LossSum Loss)[] results = InMemoryGroup.Run(size, group => Reduce(group, shards, length));

        Assert.All(results, result => Assert.Equal(expected.loss, result.Loss));
        Assert.All(results, result => Assert.True(expected.gradient.AsSpan().SequenceEqual(result.Gradient)));
    }

    [Fact]
    public void Run_OneProcessCancelled_TellsAll()
    {
        bool[] cancelled = InMemoryGroup.Run(3, group =>
        {
            bool isCancelled = group.Rank == 1;
            (ShardSums sums, ShardReduction reduction) = Prepare(group, 4, 10);
            reduction.Run(sums, new float[10], ref isCancelled);
            return isCancelled;
        });

        Assert.Equal([true, true, true], cancelled);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 4)]
    [InlineData(4, 4)]
    [InlineData(4, 16)]
    public void BytesSent_ShardsAPowerOfTwoTimesProcesses_AreThoseOfAnAllReduce(int size, int shards)
    {
        const int Length = 16 * Segment;
        const int Header = 8 + 16;

        long[] sent = InMemoryGroup.Run(size, group =>
        {
            bool isCancelled = false;
            (ShardSums sums, ShardReduction reduction) = Prepare(group, shards, Length);
            reduction.Run(sums, new float[Length], ref isCancelled);
            return reduction.BytesSent;
        });

        Assert.All(sent, bytes => Assert.Equal((2L * sizeof(float) * Length * (size - 1) / size) + (Header * (size - 1)), bytes));
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(1, 4)]
    [InlineData(13, 5)]
    public void Plan_AnyNumbers_GivesEachShardToOneProcessInOrder(int shards, int size)
    {
        var plan = new ShardPlan(shards, size);

        Assert.Equal(Enumerable.Range(0, shards), Enumerable.Range(0, size).SelectMany(plan.Nodes).SelectMany(node => Enumerable.Range(node.Start, node.Count)));
        Assert.All(Enumerable.Range(0, size), rank => Assert.All(plan.Nodes(rank), node => Assert.True(node.IsWithin(plan.Shards(rank)))));
    }

    private static (float[], LossSum) Reduce(IProcessGroup group, int shards, int length)
    {
        bool isCancelled = false;
        (ShardSums sums, ShardReduction reduction) = Prepare(group, shards, length);
        float[] gradient = new float[length];
        LossSum loss = reduction.Run(sums, gradient, ref isCancelled);
        Assert.False(isCancelled);
        return (gradient, loss);
    }

    private static (ShardSums, ShardReduction) Prepare(IProcessGroup group, int shards, int length)
    {
        var plan = new ShardPlan(shards, group.Size);
        var sums = new ShardSums(plan.Nodes(group.Rank), length);
        sums.Run(Fill);
        return (sums, new ShardReduction(group, plan, length, Segment));
    }

    // Values of very different sizes, whose sum depends on the order.
    private static LossSum Fill(int shard, Span<float> gradient)
    {
        var random = new RandomStream((ulong)shard);
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = (float)(random.NextGaussian() * Math.Pow(10, (i + shard) % 9));
        return LossOf(shard);
    }

    private static float[] Sum(ShardRange range, int length)
    {
        float[] sum = new float[length];
        if (range.Count == 1)
        {
            Fill(range.Start, sum);
            return sum;
        }
        float[] left = Sum(range.Left, length), right = Sum(range.Right, length);
        for (int i = 0; i < length; i++)
            sum[i] = left[i] + right[i];
        return sum;
    }

    private static LossSum AddLosses(ShardRange range) =>
        range.Count == 1 ? LossOf(range.Start) : AddLosses(range.Left) + AddLosses(range.Right);

    private static LossSum LossOf(int shard) => new(new RandomStream(shard, "loss").NextGaussian() * Math.Pow(10, shard % 17), 0.1 * shard);
}
