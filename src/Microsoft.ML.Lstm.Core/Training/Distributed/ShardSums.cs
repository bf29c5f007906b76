using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>The gradients and losses of this process' shards, added up in the tree's order as far as its nodes go.</summary>
internal sealed unsafe class ShardSums
{
    /// <summary>The loss and gradient of one shard; the gradient is overwritten, an empty shard's with zeros.</summary>
    public delegate LossSum Compute(int shard, Span<float> gradient);

    private readonly IReadOnlyList<ShardRange> _nodes;
    private readonly float[][] _sums, _pending;

    public ShardSums(IReadOnlyList<ShardRange> nodes, int length)
    {
        _nodes = nodes;
        _sums = [.. nodes.Select(_ => new float[length])];
        int depth = nodes.Count == 0 ? 0 : nodes.Max(node => node.Depth);
        _pending = [.. Enumerable.Range(0, depth).Select(_ => new float[length])];
        Losses = new LossSum[nodes.Count];
    }

    /// <summary>The loss of each node.</summary>
    public LossSum[] Losses { get; }

    /// <summary>The gradient of a node.</summary>
    public float[] Gradient(int node) => _sums[node];

    public void Run(Compute compute)
    {
        for (int i = 0; i < _nodes.Count; i++)
            Losses[i] = Sum(_nodes[i], _sums[i], compute, level: 0);
    }

    /// <summary>to += a.</summary>
    public static void Add(ReadOnlySpan<float> a, Span<float> to)
    {
        fixed (float* from = a, sum = to)
            RowMath.Add(from, sum, to.Length);
    }

    private LossSum Sum(ShardRange range, float[] to, Compute compute, int level)
    {
        if (range.Count == 1)
            return compute(range.Start, to);
        LossSum left = Sum(range.Left, to, compute, level + 1), right = Sum(range.Right, _pending[level], compute, level + 1);
        Add(_pending[level], to);
        return left + right;
    }
}
