namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>
/// Which process computes which shards, and which sums it hands on: the largest nodes of the tree that are all its own. With as many shards as
/// processes, or twice, four times as many, that is one sum each, as many bytes as an all-reduce sends.
/// </summary>
internal sealed class ShardPlan
{
    private readonly int _size;
    private readonly List<ShardRange> _nodes = [];
    private readonly HashSet<ShardRange> _isNode;
    private readonly int[] _firstNodes;

    public ShardPlan(int shards, int size)
    {
        _size = size;
        Root = new ShardRange(0, shards);
        _firstNodes = new int[size + 1];
        Cut(Root);
        _isNode = [.. _nodes];
        for (int rank = 0; rank <= size; rank++)
        {
            int start = rank == size ? shards : Shards(rank).Start;
            _firstNodes[rank] = _nodes.TakeWhile(node => node.Start < start).Count();
        }
    }

    /// <summary>All shards.</summary>
    public ShardRange Root { get; }

    /// <summary>The shards of a process, perhaps none.</summary>
    public ShardRange Shards(int rank) => new((int)((long)Root.End * rank / _size), (int)((long)Root.End * (rank + 1) / _size));

    /// <summary>The sums that a process hands on, in the order of the shards.</summary>
    public IReadOnlyList<ShardRange> Nodes(int rank) => _nodes[_firstNodes[rank].._firstNodes[rank + 1]];

    /// <summary>How many those are.</summary>
    public int NodeCount(int rank) => _firstNodes[rank + 1] - _firstNodes[rank];

    /// <summary>Whether a range is handed on whole by one process, rather than added up from several.</summary>
    public bool IsNode(ShardRange range) => _isNode.Contains(range);

    private void Cut(ShardRange range)
    {
        for (int rank = 0; rank < _size; rank++)
            if (range.IsWithin(Shards(rank)))
            {
                _nodes.Add(range);
                return;
            }
        Cut(range.Left);
        Cut(range.Right);
    }
}
