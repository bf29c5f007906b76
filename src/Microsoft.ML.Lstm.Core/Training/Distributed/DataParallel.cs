using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>
/// Data-parallel training: every process has the whole network and all the data, computes the gradient of its shards of each batch, and makes the
/// same update with the sum of all. The sum is added up in an order that the number of shards alone decides, so 1, 2 or 4 processes end with the same bits.
/// </summary>
public sealed record DataParallel
{
    /// <summary>Shards of a batch unless there are more processes: 4.</summary>
    public const int DefaultShards = 4;

    internal const int MostShards = 65_536;

    /// <summary>The processes.</summary>
    public required IProcessGroup Group { get; init; }

    /// <summary>
    /// S, the shards that each batch is cut into. The weights' bits depend on it, and not on the number of processes, which may be larger: some then
    /// have nothing to do. Null: 4, or the number of processes if that is larger. Range: 1 to 65,536. Default: null.
    /// </summary>
    public int? ShardsPerBatch { get; init; }

    /// <summary>S, with the default filled in.</summary>
    public int ShardCount => ShardsPerBatch ?? Math.Max(DefaultShards, Group.Size);

    /// <summary>Throws when there is no group, or the number of shards is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        Require(Group is not null, nameof(Group), null, "a group of processes");
        Require(ShardsPerBatch is null or (> 0 and <= MostShards), nameof(ShardsPerBatch), ShardsPerBatch, $"1 to {MostShards}, or null for {DefaultShards} or the number of processes");
    }
}
