using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Training.Distributed;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>Which processes train together, as the options say, and how they are found.</summary>
internal sealed class DistributionSettings
{
    private readonly int? _shardsPerBatch;
    private readonly bool _drawsSeed, _isMissed;

    /// <summary>
    /// Takes over and checks the options, and finds the processes: from then on a process that ends ends all, also while it reads its data.
    /// </summary>
    /// <exception cref="DistributedTrainingException">They are asked for, and the package is not there.</exception>
    /// <exception cref="DllNotFoundException">No MPI is installed.</exception>
    public DistributionSettings(RecurrentNetworkOptions options)
    {
        Require(Enum.IsDefined(options.Distributed), nameof(options.Distributed), options.Distributed, OneOf<Distribution>());
        Require(options.ShardsPerBatch is null or (> 0 and <= DataParallel.MostShards), nameof(options.ShardsPerBatch), options.ShardsPerBatch,
            $"1 to {DataParallel.MostShards}, or null for {DataParallel.DefaultShards} or the number of processes");
        Data = options.DistributedData;
        Require(Enum.IsDefined(Data), nameof(options.DistributedData), Data, OneOf<DistributedData>());
        (_shardsPerBatch, _drawsSeed) = (options.ShardsPerBatch, options.Seed is null);
        Group = options.Processes ?? ProcessGroups.Find(options.Distributed, out _isMissed);
    }

    private DistributionSettings()
    {
    }

    /// <summary>A process that trains by itself, whatever has started it.</summary>
    public static DistributionSettings Alone { get; } = new();

    /// <summary>The processes; null: this one alone.</summary>
    public IProcessGroup? Group { get; }

    /// <summary>Which rows each of them holds.</summary>
    public DistributedData Data { get; }

    /// <summary>Says in the log which processes were found, and gives all of them one seed.</summary>
    /// <param name="channel">The log.</param>
    /// <param name="settings">The training; where no seed was given, with that of the first process.</param>
    /// <returns>The processes; null: this one alone.</returns>
    public DataParallel? Begin(IChannel channel, ref NetworkSettings settings)
    {
        if (_isMissed)
            channel.Warning(MessageSensitivity.None, "Several processes have been started by an MPI launcher, and each trains by itself: the package Microsoft.ML.Lstm.Mpi is not referenced.");
        if (Group is not { } group)
            return null;
        var found = new DataParallel { Group = group, ShardsPerBatch = _shardsPerBatch };
        channel.Info(MessageSensitivity.None, Invariant(
            $"Training as process {group.Rank} of {group.Size} over {group.Name}, {Plural.Of(found.ShardCount, "shard")} per batch."));
        if (_drawsSeed)
        {
            int[] seed = [settings.Training.Seed];
            group.Broadcast(MemoryMarshal.AsBytes(seed.AsSpan()), root: 0);
            settings = settings with { Training = settings.Training with { Seed = seed[0] }, Engine = settings.Engine with { Seed = seed[0] } };
        }
        return found;
    }
}
