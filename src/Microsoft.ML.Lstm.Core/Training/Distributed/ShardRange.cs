using System.Numerics;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>
/// Shards that are added up together, a node of a binary tree. Which two halves a range is the sum of follows from the range alone, so the order of
/// all additions does too, whoever makes them.
/// </summary>
internal readonly record struct ShardRange(int Start, int End)
{
    public int Count => End - Start;

    /// <summary>The first half: the largest power of two of shards that is not all of them, so that processes with a power of two each own whole subtrees.</summary>
    public ShardRange Left => this with { End = Middle };

    public ShardRange Right => this with { Start = Middle };

    /// <summary>Additions one below the other, at most.</summary>
    public int Depth => Count < 2 ? 0 : BitOperations.Log2((uint)(Count - 1)) + 1;

    private int Middle => Start + (1 << BitOperations.Log2((uint)(Count - 1)));

    public bool IsWithin(ShardRange other) => Start >= other.Start && End <= other.End;
}
