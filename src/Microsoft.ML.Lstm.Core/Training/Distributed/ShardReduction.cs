using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>
/// From the sums of each process to the sum of all, in every process. The gradient is cut into as many blocks as there are processes; each receives
/// its block of every sum, adds them in the tree's order, and hands the result to all (Thakur, Rabenseifner and Gropp 2005: reduce-scatter and
/// all-gather, but with the order of additions fixed). A process with n nodes sends (n + 1)·(P − 1) / P times the gradient.
/// <para>A long gradient goes in segments, so that a message stays below MPI's 2 GiB and its buffers small.</para>
/// </summary>
internal sealed class ShardReduction
{
    private const int LongestSegment = 1 << 22;

    // Before the first segment: whether the process was cancelled, and the loss of each of its nodes; in floats.
    private const int CancelledFloats = 2, LossFloats = 4;

    private readonly IProcessGroup _group;
    private readonly ShardPlan _plan;
    private readonly int _length, _segment, _nodeCount;
    private readonly int[] _sent, _received, _blocks;
    private readonly LossSum[] _losses;
    private readonly int[] _places;
    private float[] _out = [], _in = [];
    private int _cursor;

    /// <summary>Prepares for gradients of a length.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="plan">Which has which shards.</param>
    /// <param name="length">Floats of the gradient.</param>
    /// <param name="segment">Floats that are reduced at a time.</param>
    public ShardReduction(IProcessGroup group, ShardPlan plan, int length, int segment = LongestSegment)
    {
        (_group, _plan, _length, _segment) = (group, plan, length, segment);
        _nodeCount = plan.NodeCount(group.Rank);
        (_sent, _received, _blocks) = (new int[group.Size], new int[group.Size], new int[group.Size]);
        int all = Enumerable.Range(0, group.Size).Sum(plan.NodeCount);
        (_losses, _places) = (new LossSum[all], new int[all]);
    }

    /// <summary>Bytes that this process has sent to others.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Reduces; the same result in every process.</summary>
    /// <param name="sums">The sums of this process.</param>
    /// <param name="gradient">Receives the gradient of the whole batch.</param>
    /// <param name="isCancelled">Whether this process was cancelled; then whether any was, and there is no result.</param>
    /// <returns>The loss of the whole batch.</returns>
    public LossSum Run(ShardSums sums, float[] gradient, ref bool isCancelled)
    {
        LossSum loss = default;
        for (int start = 0; start < _length; start += _segment)
        {
            int count = Math.Min(_segment, _length - start), header = start == 0 ? 1 : 0;
            Send(sums, start, count, header, isCancelled);
            _group.Exchange(MemoryMarshal.AsBytes(_out.AsSpan()), _sent, MemoryMarshal.AsBytes(_in.AsSpan()), _received);
            FindPlaces(count, header);
            if (header == 1)
            {
                loss = ReadHeaders(ref isCancelled);
                if (isCancelled)
                    return loss;
            }
            GatherBlocks(AddUp(BlockLength(count, _group.Rank)), gradient.AsSpan(start, count));
        }
        return loss;
    }

    private static int BlockStart(int count, int rank, int size) => (int)((long)count * rank / size);

    private int BlockLength(int count, int rank) => BlockStart(count, rank + 1, _group.Size) - BlockStart(count, rank, _group.Size);

    private static int HeaderFloats(int nodes) => CancelledFloats + (LossFloats * nodes);

    private void Send(ShardSums sums, int start, int count, int header, bool isCancelled)
    {
        for (int rank = 0; rank < _group.Size; rank++)
        {
            _sent[rank] = sizeof(float) * ((header * HeaderFloats(_nodeCount)) + (_nodeCount * BlockLength(count, rank)));
            _received[rank] = sizeof(float) * ((header * HeaderFloats(_plan.NodeCount(rank))) + (_plan.NodeCount(rank) * BlockLength(count, _group.Rank)));
            BytesSent += rank == _group.Rank ? 0 : _sent[rank];
        }
        (_out, _in) = (Grown(_out, _sent), Grown(_in, _received));
        int at = 0;
        for (int rank = 0; rank < _group.Size; rank++)
        {
            if (header == 1)
                at += WriteHeader(_out.AsSpan(at), sums.Losses, isCancelled);
            for (int node = 0; node < _nodeCount; node++)
            {
                Span<float> block = sums.Gradient(node).AsSpan(start + BlockStart(count, rank, _group.Size), BlockLength(count, rank));
                block.CopyTo(_out.AsSpan(at));
                at += block.Length;
            }
        }
    }

    private static int WriteHeader(Span<float> to, ReadOnlySpan<LossSum> losses, bool isCancelled)
    {
        MemoryMarshal.Cast<float, int>(to)[0] = isCancelled ? 1 : 0;
        Span<double> values = MemoryMarshal.Cast<float, double>(to[CancelledFloats..HeaderFloats(losses.Length)]);
        for (int i = 0; i < losses.Length; i++)
            (values[2 * i], values[(2 * i) + 1]) = (losses[i].Sum, losses[i].Weight);
        return HeaderFloats(losses.Length);
    }

    // Where in what was received each node's block lies.
    private void FindPlaces(int count, int header)
    {
        int at = 0, place = 0;
        for (int rank = 0; rank < _group.Size; rank++)
        {
            at += header * HeaderFloats(_plan.NodeCount(rank));
            for (int node = 0; node < _plan.NodeCount(rank); node++, at += BlockLength(count, _group.Rank))
                _places[place++] = at;
        }
    }

    private LossSum ReadHeaders(ref bool isCancelled)
    {
        int at = 0, place = 0;
        for (int rank = 0; rank < _group.Size; rank++)
        {
            int nodes = _plan.NodeCount(rank);
            isCancelled |= MemoryMarshal.Cast<float, int>(_in.AsSpan(at))[0] != 0;
            Span<double> values = MemoryMarshal.Cast<float, double>(_in.AsSpan(at + CancelledFloats, LossFloats * nodes));
            for (int node = 0; node < nodes; node++)
                _losses[place++] = new LossSum(values[2 * node], values[(2 * node) + 1]);
            at += _received[rank] / sizeof(float);
        }
        _cursor = 0;
        return AddLosses(_plan.Root);
    }

    private LossSum AddLosses(ShardRange range) =>
        _plan.IsNode(range) ? _losses[_cursor++] : AddLosses(range.Left) + AddLosses(range.Right);

    private ReadOnlySpan<float> AddUp(int blockLength)
    {
        _cursor = 0;
        return _in.AsSpan(AddBlocks(_plan.Root, blockLength), blockLength);
    }

    // Sums lie where their first summand did.
    private int AddBlocks(ShardRange range, int length)
    {
        if (_plan.IsNode(range))
            return _places[_cursor++];
        int left = AddBlocks(range.Left, length), right = AddBlocks(range.Right, length);
        ShardSums.Add(_in.AsSpan(right, length), _in.AsSpan(left, length));
        return left;
    }

    private void GatherBlocks(ReadOnlySpan<float> own, Span<float> gradient)
    {
        for (int rank = 0; rank < _group.Size; rank++)
            _blocks[rank] = sizeof(float) * BlockLength(gradient.Length, rank);
        BytesSent += (long)sizeof(float) * own.Length * (_group.Size - 1);
        _group.Gather(MemoryMarshal.AsBytes(own), MemoryMarshal.AsBytes(gradient), _blocks);
    }

    private static float[] Grown(float[] buffer, int[] lengths)
    {
        long bytes = 0;
        foreach (int length in lengths)
            bytes += length;
        return buffer.Length * (long)sizeof(float) < bytes ? new float[bytes / sizeof(float)] : buffer;
    }
}
