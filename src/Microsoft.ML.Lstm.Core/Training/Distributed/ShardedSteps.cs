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
        var plan = new ShardPlan(_shards, _group.Size);
        IReadOnlyList<ShardRange> nodes = plan.Nodes(_group.Rank);
        _sums = new ShardSums(nodes, length);
        _reduction = new ShardReduction(_group, plan, length);
        _gradient = nodes.Count > 0 ? _sums.Gradient(0) : new float[length];
    }

    public int Train(BatchOrder order, int batch, float learningRate, CancellationToken cancellationToken)
    {
        bool isCancelled = !TryRun(
            () => _sums.Run((shard, gradient) => ComputeShard(order, batch, shard, gradient, cancellationToken)), cancellationToken);
        LossSum loss = _group.Size == 1 ? _sums.Losses[0] : _reduction.Run(_sums, _gradient, ref isCancelled);
        ThrowIf(isCancelled);
        _engine.ApplyGradient(_gradient, loss, learningRate);
        return order.Examples(batch).Length;
    }

    // A batch is evaluated by one process; the sums are added up in the order of the batches, as one process alone would.
    public LossSum Evaluate(BatchOrder order, CancellationToken cancellationToken)
    {
        int rounds = (order.BatchCount + _group.Size - 1) / _group.Size;
        var own = new LossSum[rounds];
        bool isCancelled = !TryRun(
            () =>
            {
                for (int round = 0, i = _group.Rank; i < order.BatchCount; round++, i += _group.Size)
                    own[round] = EvaluateBatch(order, i, cancellationToken);
            },
            cancellationToken);
        int[] cancelled = new int[_group.Size];
        _group.GatherValues<int>([isCancelled ? 1 : 0], cancelled);
        ThrowIf(cancelled.Contains(1));
        var all = new LossSum[rounds * _group.Size];
        _group.GatherValues<LossSum>(own, all);
        var total = new LossSum();
        for (int i = 0; i < order.BatchCount; i++)
            total += all[((i % _group.Size) * rounds) + (i / _group.Size)];
        return total;
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
