using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// A training in the middle, in one safetensors file: weights, best weights, the engine's state, and in the metadata the network, the
/// loop's progress and what it walks over. The order of batches follows from seed and epoch, and dropout from seed and step, so no random
/// state needs saving. A training resumed from it goes on bit for bit as if it had not been interrupted.
/// </summary>
internal sealed class Checkpoint
{
    private const string EnginePrefix = "engine.";
    private static readonly FileFormat Format = new("microsoft.ml.lstm.checkpoint", 1);
    private readonly string _path;
    private readonly SafetensorsReader _file;
    private readonly NetworkSpec _network;

    private Checkpoint(string path, Stream stream)
    {
        _path = path;
        _file = new SafetensorsReader(stream);
        Format.Require(_file.Metadata);
        (_network, ParameterLayout layout) = MetadataJson.ReadNetwork(_file.Metadata);
        Progress = MetadataJson.Read(_file.Metadata, "progress", CheckpointJson.Default.TrainingProgress);
        Weights = ReadBlock("weights", layout.BlockLength);
        BestWeights = _file.Contains("best_weights") ? ReadBlock("best_weights", layout.BlockLength) : null;
    }

    /// <summary>Where the loop stood.</summary>
    public TrainingProgress Progress { get; }

    /// <summary>The weights of the best epoch; null when there was none.</summary>
    public float[]? BestWeights { get; }

    private float[] Weights { get; }

    /// <summary>Writes a checkpoint; the one before stays until the new one is whole.</summary>
    public static void Save(string path, ISequenceEngine engine, float[]? bestWeights, TrainingProgress progress, CheckpointScope scope)
    {
        var file = new SafetensorsWriter();
        Format.WriteTo(file.Metadata);
        file.Metadata["network"] = JsonSerializer.Serialize(engine.Spec, MetadataJson.Default.NetworkSpec);
        file.Metadata["progress"] = JsonSerializer.Serialize(progress, CheckpointJson.Default.TrainingProgress);
        file.Metadata["scope"] = JsonSerializer.Serialize(scope, CheckpointJson.Default.CheckpointScope);
        file.Metadata["update_count"] = engine.UpdateCount.ToString(CultureInfo.InvariantCulture);
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        file.Add<float>("weights", [weights.Length], weights);
        if (bestWeights is not null)
            file.Add<float>("best_weights", [bestWeights.Length], bestWeights);
        foreach ((string name, float[] values) in engine.ExportState())
            file.Add<float>(EnginePrefix + name, [values.Length], values);
        AtomicFile.Write(path, file.Write);
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is cut off, broken, no checkpoint, or of a newer version.</exception>
    public static Checkpoint Load(string path) => FileFormat.Load(path, "checkpoint", stream => new Checkpoint(path, stream));

    /// <summary>Refuses to go on over other batches than those of the interrupted training.</summary>
    /// <exception cref="InvalidDataException">Names the property that differs.</exception>
    public void RequireScope(CheckpointScope scope)
    {
        CheckpointScope saved = MetadataJson.Read(_file.Metadata, "scope", CheckpointJson.Default.CheckpointScope);
        if (CheckpointJson.FirstDifference(saved, scope, CheckpointJson.Default.CheckpointScope) is var (property, found, expected))
            throw new InvalidDataException(Invariant($"The checkpoint '{_path}' is of another training: its {property} is {found}; expected {expected}."));
    }

    /// <summary>Puts an engine where the checkpoint's was.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is of another network or optimiser; names the property that differs.</exception>
    public void RestoreTo(ISequenceEngine engine)
    {
        if (CheckpointJson.FirstDifference(_network, engine.Spec, MetadataJson.Default.NetworkSpec) is var (property, found, expected))
            throw new InvalidDataException(Invariant($"The checkpoint '{_path}' is of another network: its {property} is {found}; expected {expected}."));
        var state = new Dictionary<string, float[]>();
        foreach (SafetensorsTensor tensor in _file.Tensors)
            if (tensor.Name.StartsWith(EnginePrefix, StringComparison.Ordinal))
                state.Add(tensor.Name[EnginePrefix.Length..], _file.Values<float>(tensor.Name).ToArray());
        try
        {
            engine.ImportState(state, long.Parse(_file.Metadata["update_count"], NumberStyles.None, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InvalidDataException(Invariant($"The checkpoint '{_path}' does not fit the engine: {e.Message}"), e);
        }
        engine.ImportWeights(Weights);
    }

    private float[] ReadBlock(string name, int length)
    {
        ReadOnlySpan<float> values = _file.Values<float>(name);
        return values.Length == length
            ? values.ToArray()
            : throw new InvalidDataException(Invariant($"The tensor '{name}' has {Plural.Of(values.Length, "float")}; expected {length}."));
    }
}
