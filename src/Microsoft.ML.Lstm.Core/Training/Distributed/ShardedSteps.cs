using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>
/// The steps of a training in several processes: each computes its shards of the batch, the sums are reduced, and every process makes the same
/// update. Cancelled in one process, the training ends in all of them before the same update.
/// </summary>
internal sealed class ShardedSteps : ITrainingSteps
{
    private readonly ITrainingEngine _engine;
    private readonly IProcessGroup _group;
    private readonly int _shards;
    private readonly ShardPlan _plan;
    private readonly ShardSums _sums;
    private readonly ShardReduction _reduction;
    private readonly float[] _gradient;
    private readonly SequenceBatch _batch = new();
    private readonly CancellationTokenSource _agreed;

    /// <summary>Prepares the steps.</summary>
    /// <param name="engine">What is trained, alike in every process.</param>
    /// <param name="how">The processes and shards.</param>
    /// <param name="agreed">Is cancelled in every process when the caller's token is in one.</param>
    public ShardedSteps(ITrainingEngine engine, DataParallel how, CancellationTokenSource agreed)
    {
        (_engine, _group, _shards, _agreed) = (engine, how.Group, how.ShardCount, agreed);
        int length = engine.Parameters.BlockLength;
        _plan = new ShardPlan(_shards, _group.Size);
        IReadOnlyList<ShardRange> nodes = _plan.Nodes(_group.Rank);
        _sums = new ShardSums(nodes, length);
        _reduction = new ShardReduction(_group, _plan, length);
        _gradient = nodes.Count > 0 ? _sums.Gradient(0) : new float[length];
    }

    public int Train(BatchOrder order, int batch, float learningRate, CancellationToken cancellationToken)
    {
        Deal(order, rank => OfShards(order.Examples(batch), _plan.Shards(rank)));
        bool isCancelled = !TryRun(
            () => _sums.Run((shard, gradient) => ComputeShard(order, batch, shard, gradient, cancellationToken)), cancellationToken);
        LossSum loss = _group.Size == 1 ? _sums.Losses[0] : _reduction.Run(_sums, _gradient, ref isCancelled);
        ThrowIf(isCancelled);
        _engine.ApplyGradient(_gradient, loss, learningRate);
        return order.Examples(batch).Length;
    }

    /// <summary>The state of the optimiser, which is the same in all, and of each shard from the process that computes it.</summary>
    public IReadOnlyDictionary<string, float[]> ExportState()
    {
        IReadOnlyDictionary<string, float[]> own = _engine.ExportState();
        if (!_engine.IsStateful || _group.Size == 1)
            return own;
        ShardRange shards = _plan.Shards(_group.Rank);
        KeyValuePair<string, float[]>[] carried = [.. own.Where(state => CarriedStates.ShardOf(state.Key) is { } shard && shard >= shards.Start && shard < shards.End)];
        string[] names = _group.Gather(string.Join('\n', carried.Select(state => Invariant($"{state.Key} {state.Value.Length}"))));
        (string Name, int Length)[][] all = [.. names.Select(NamesAndLengths)];
        float[] values = new float[all.Sum(states => states.Sum(state => state.Length))];
        _group.Gather(MemoryMarshal.AsBytes<float>(carried.SelectMany(state => state.Value).ToArray()), MemoryMarshal.AsBytes(values.AsSpan()),
            [.. all.Select(states => sizeof(float) * states.Sum(state => state.Length))]);
        Dictionary<string, float[]> merged = own.Where(state => CarriedStates.ShardOf(state.Key) is null).ToDictionary();
        int at = 0;
        foreach ((string name, int length) in all.SelectMany(states => states))
        {
            merged.Add(name, values[at..(at + length)]);
            at += length;
        }
        return merged;
    }

    // A batch is evaluated by one process; the sums are added up in the order of the batches, as one process alone would. Where each batch begins where the
    // one before has ended, every process evaluates all.
    public LossSum Evaluate(BatchOrder order, CancellationToken cancellationToken)
    {
        if (_engine.IsStateful)
            return EvaluateAll(order, cancellationToken);
        int rounds = (order.BatchCount + _group.Size - 1) / _group.Size;
        var own = new LossSum[rounds];
        bool isCancelled = false;
        for (int round = 0; round < rounds; round++)
        {
            int first = round * _group.Size, batch = first + _group.Rank;
            Deal(order, rank => first + rank < order.BatchCount ? order.Examples(first + rank).ToArray() : []);
            if (!isCancelled && batch < order.BatchCount)
                isCancelled = !TryRun(() => own[batch / _group.Size] = EvaluateBatch(order, batch, cancellationToken), cancellationToken);
        }
        ThrowIf(IsCancelledInAny(isCancelled));
        var all = new LossSum[rounds * _group.Size];
        _group.GatherValues<LossSum>(own, all);
        var total = new LossSum();
        for (int i = 0; i < order.BatchCount; i++)
            total += all[((i % _group.Size) * rounds) + (i / _group.Size)];
        return total;
    }

    // The values of examples that other processes hold, where each holds but a share.
    private static void Deal(BatchOrder order, Func<int, IReadOnlyList<int>> examplesFor) => (order.Source as ISharedExamples)?.Deal(examplesFor);

    private int[] OfShards(ReadOnlySpan<int> examples, ShardRange shards)
    {
        var found = new List<int>();
        for (int i = 0; i < examples.Length; i++)
            if (i % _shards >= shards.Start && i % _shards < shards.End)
                found.Add(examples[i]);
        return [.. found];
    }

    private static (string Name, int Length)[] NamesAndLengths(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(pair => (pair[0], int.Parse(pair[1], CultureInfo.InvariantCulture)))];

    private LossSum EvaluateAll(BatchOrder order, CancellationToken cancellationToken)
    {
        var total = new LossSum();
        bool isCancelled = !TryRun(
            () =>
            {
                for (int i = 0; i < order.BatchCount; i++)
                    total += EvaluateBatch(order, i, cancellationToken);
            },
            cancellationToken);
        ThrowIf(IsCancelledInAny(isCancelled));
        return total;
    }

    private bool IsCancelledInAny(bool isCancelled)
    {
        int[] cancelled = new int[_group.Size];
        _group.GatherValues<int>([isCancelled ? 1 : 0], cancelled);
        return cancelled.Contains(1);
    }

    private LossSum ComputeShard(BatchOrder order, int batch, int shard, Span<float> gradient, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (order.TryFill(_batch, batch, shard, _shards))
            return _engine.ComputeGradient(_batch, gradient, shard, cancellationToken);
        gradient.Clear();
        return default;
    }

    private LossSum EvaluateBatch(BatchOrder order, int batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        order.Fill(_batch, batch);
        return _engine.Evaluate(_batch, cancellationToken);
    }

    private static bool TryRun(Action action, CancellationToken cancellationToken)
    {
        try
        {
            action();
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void ThrowIf(bool isCancelled)
    {
        if (!isCancelled)
            return;
        _agreed.Cancel();
        throw new AgreedCancellationException(_agreed.Token);
    }
}
