using System.IO.Hashing;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>
/// All that must be the same in every process for them to make the same update. Compared before the first step: of processes that differ, none trains.
/// </summary>
internal sealed record Handshake
{
    public string? Version { get; init; }

    public string? Engine { get; init; }

    public int ShardsPerBatch { get; init; }

    public int Epochs { get; init; }

    public long? MaximumSteps { get; init; }

    public int? Patience { get; init; }

    public double MinimumImprovement { get; init; }

    public bool RestoreBestWeights { get; init; }

    public bool KeepWeightsOnCancellation { get; init; }

    public bool WritesCheckpoints { get; init; }

    public int? CheckpointEverySteps { get; init; }

    public int? CheckpointEveryEpochs { get; init; }

    public bool Resumes { get; init; }

    public NetworkSpec? Network { get; init; }

    /// <summary>Data, batches, loss, optimiser, seeds.</summary>
    public CheckpointScope? Scope { get; init; }

    /// <summary>A hash of the weights that training begins from.</summary>
    public string? InitialWeights { get; init; }

    public static Handshake Of(ITrainingEngine engine, TrainingOptions options, CheckpointScope scope, int shardsPerBatch)
    {
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        return new Handshake
        {
            Version = typeof(Handshake).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            Engine = engine.GetType().Name,
            ShardsPerBatch = shardsPerBatch,
            Epochs = options.Epochs,
            MaximumSteps = options.MaximumSteps,
            Patience = options.Patience,
            MinimumImprovement = options.MinimumImprovement,
            RestoreBestWeights = options.RestoreBestWeights,
            KeepWeightsOnCancellation = options.KeepWeightsOnCancellation,
            WritesCheckpoints = options.CheckpointPath is not null,
            CheckpointEverySteps = options.CheckpointEverySteps,
            CheckpointEveryEpochs = options.CheckpointEveryEpochs,
            Resumes = options.ResumeFrom is not null,
            Network = engine.Spec,
            Scope = scope,
            InitialWeights = Convert.ToHexStringLower(XxHash128.Hash(MemoryMarshal.AsBytes<float>(weights))),
        };
    }

    /// <summary>Compares with the others.</summary>
    /// <exception cref="DistributedTrainingException">One differs from the first, and every process says which, and in what.</exception>
    public void Require(IProcessGroup group) => Require(group, this, CheckpointJson.Default.Handshake);

    /// <inheritdoc cref="Require(IProcessGroup)"/>
    public static void Require<T>(IProcessGroup group, T own, JsonTypeInfo<T> type)
    {
        string[] all = group.Gather(JsonSerializer.Serialize(own, type));
        T first = JsonSerializer.Deserialize(all[0], type)!;
        for (int rank = 1; rank < all.Length; rank++)
        {
            if (all[rank] == all[0])
                continue;
            using JsonDocument other = JsonDocument.Parse(all[rank]);
            (string property, string found, string expected) = CheckpointJson.FirstDifference(other.RootElement, first, type)
                ?? (nameof(Version), "another", "the same");
            throw new DistributedTrainingException(Invariant(
                $"Process {rank} of {group.Size} is not set up as process 0: its {property} is {found}; expected {expected}. All need the same version, options and data, read in the same order; to train each by itself, set Distributed to None."));
        }
    }
}
