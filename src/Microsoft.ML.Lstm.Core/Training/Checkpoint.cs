using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// A training in the middle, in one safetensors file: weights, best weights, the engine's state, and in the metadata the network, the
/// loop's progress and what it walks over. The order of batches follows from seed and epoch, and dropout from seed and step, so no random
/// state needs saving. A training resumed from it continues bit for bit as if it had not been interrupted.
/// <para>Version 2 says more of what must be the same (<see cref="CheckpointScope"/>) and has a checksum; version 1 is read, with what it says.</para>
/// </summary>
internal sealed class Checkpoint
{
    private const string WeightsName = "weights", BestWeightsName = "best_weights", EnginePrefix = "engine.", What = "checkpoint";
    private static readonly FileFormat Format = new("microsoft.ml.lstm.checkpoint", 2);
    private readonly string _path;
    private readonly SafetensorsReader _file;
    private readonly NetworkSpec _network;

    private Checkpoint(string path, Stream stream)
    {
        _path = path;
        _file = SafetensorsReader.ReadHeader(stream);
        Format.Require(_file.Metadata);
        (_network, ParameterLayout layout) = MetadataJson.ReadNetwork(_file.Metadata);
        Progress = MetadataJson.Read(_file.Metadata, "progress", CheckpointJson.Default.TrainingProgress);
        Progress.Validate();
        RequireTensors(layout.BlockLength);
        _file.ReadValues(stream);
        Weights = FiniteBlock(WeightsName);
        BestWeights = _file.Contains(BestWeightsName) ? FiniteBlock(BestWeightsName) : null;
    }

    /// <summary>Where the loop stood.</summary>
    public TrainingProgress Progress { get; }

    /// <summary>The weights of the best epoch; null when there was none.</summary>
    public float[]? BestWeights { get; }

    private float[] Weights { get; }

    /// <summary>Writes a checkpoint; the one before stays until the new one is whole.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="engine">Whose weights.</param>
    /// <param name="state">The engine's state, with what other processes carry.</param>
    /// <param name="bestWeights">The weights of the best epoch; null: there is none yet.</param>
    /// <param name="progress">Where the loop stands.</param>
    /// <param name="scope">What must be the same to resume from it.</param>
    public static void Save(
        string path, ITrainingEngine engine, IReadOnlyDictionary<string, float[]> state, float[]? bestWeights, TrainingProgress progress, CheckpointScope scope)
    {
        var file = new SafetensorsWriter();
        Format.WriteTo(file);
        file.Metadata["network"] = JsonSerializer.Serialize(engine.Spec, MetadataJson.Default.NetworkSpec);
        file.Metadata["progress"] = JsonSerializer.Serialize(progress, CheckpointJson.Default.TrainingProgress);
        file.Metadata["scope"] = JsonSerializer.Serialize(scope, CheckpointJson.Default.CheckpointScope);
        file.Metadata["update_count"] = engine.UpdateCount.ToString(CultureInfo.InvariantCulture);
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        file.Add<float>(WeightsName, [weights.Length], weights);
        if (bestWeights is not null)
            file.Add<float>(BestWeightsName, [bestWeights.Length], bestWeights);
        foreach ((string name, float[] values) in state)
            file.Add<float>(EnginePrefix + name, [values.Length], values);
        AtomicFile.Write(path, file.Write);
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is cut off, broken, no checkpoint, or of a newer version.</exception>
    public static Checkpoint Load(string path)
    {
        using Stream stream = Open(path);
        return Read(path, stream);
    }

    /// <summary>Opens a checkpoint's file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a folder.</exception>
    public static Stream Open(string path)
    {
        try
        {
            return FileFormat.Open(path, What);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException(Invariant($"{nameof(TrainingOptions.ResumeFrom)} is '{path}', where there is no file; expected a checkpoint."), path, e);
        }
    }

    /// <summary>Reads a checkpoint that has been opened.</summary>
    /// <param name="path">Its file, for messages.</param>
    /// <param name="stream">Its content.</param>
    /// <exception cref="InvalidDataException">It is cut off, broken, no checkpoint, or of a newer version.</exception>
    public static Checkpoint Read(string path, Stream stream) => FileFormat.Read(path, What, stream, content => new Checkpoint(path, content));

    /// <summary>Refuses to resume another training than the interrupted one.</summary>
    /// <param name="scope">What the resumed training is.</param>
    /// <param name="withNewSchedule">Whether its learning rates may be others.</param>
    /// <exception cref="InvalidDataException">Names the property that differs.</exception>
    public void RequireScope(CheckpointScope scope, bool withNewSchedule)
    {
        using JsonDocument document = MetadataJson.Read(_file.Metadata, "scope", CheckpointJson.Default.JsonDocument);
        JsonElement saved = document.RootElement;
        if (saved.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException(Invariant($"The checkpoint '{_path}' cannot be read. Its scope is {saved.ValueKind}; expected Object."));
        RequireShards(saved, scope.ShardsPerBatch);
        CheckpointScope compared = withNewSchedule ? scope with { Schedule = null } : scope;
        if (CheckpointJson.FirstDifference(saved, compared, CheckpointJson.Default.CheckpointScope) is not var (property, found, expected))
            return;
        string hint = property.StartsWith(nameof(scope.Schedule), StringComparison.Ordinal)
            ? Invariant($" Set {nameof(TrainingOptions.ResumeWithNewSchedule)} to change the learning rates on purpose.")
            : "";
        throw new InvalidDataException(Invariant($"The checkpoint '{_path}' is of another training: its {property} is {found}; expected {expected}.{hint}"));
    }

    /// <summary>Refuses a place that the order of batches does not have.</summary>
    /// <exception cref="InvalidDataException">The checkpoint stands in a batch or at a step that there is not.</exception>
    public void RequireBatches(int batchCount)
    {
        if (Progress.Batch > batchCount || Progress.Step > ((long)Progress.Epoch * batchCount) + Progress.Batch)
            throw new InvalidDataException(Invariant(
                $"The checkpoint '{_path}' stands at step {Progress.Step}, epoch {Progress.Epoch}, batch {Progress.Batch}; expected a place in epochs of {batchCount} batches."));
    }

    /// <summary>Puts an engine where the checkpoint's was.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is of another network or optimiser; names the property that differs.</exception>
    public void RestoreTo(ITrainingEngine engine)
    {
        if (CheckpointJson.FirstDifference(_network, engine.Spec, MetadataJson.Default.NetworkSpec) is var (property, found, expected))
            throw new InvalidDataException(Invariant($"The checkpoint '{_path}' is of another network: its {property} is {found}; expected {expected}."));
        var state = new Dictionary<string, float[]>();
        foreach (SafetensorsTensor tensor in _file.Tensors)
            if (IsEngine(tensor.Name))
                state.Add(tensor.Name[EnginePrefix.Length..], _file.Values<float>(tensor.Name).ToArray());
        try
        {
            engine.ImportState(state, long.Parse(_file.Metadata["update_count"], NumberStyles.None, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InvalidDataException(Invariant($"The checkpoint '{_path}' does not fit the engine: {Excerpt.Of(e)}"), e);
        }
        engine.ImportWeights(Weights);
    }

    // A property that is not there is passed over by the comparison below; here that itself is the difference.
    private void RequireShards(JsonElement saved, int? expected)
    {
        int? found = saved.TryGetProperty(nameof(CheckpointScope.ShardsPerBatch), out JsonElement shards) && shards.TryGetInt32(out int count) ? count : null;
        if (found is null && expected is not null)
            throw new InvalidDataException(Invariant(
                $"The checkpoint '{_path}' is of a training in one process, without shards; expected {expected} shards per batch. Resume it with Distributed set to None."));
        if (found is not null && expected is null)
            throw new InvalidDataException(Invariant(
                $"The checkpoint '{_path}' is of a distributed training of {found} shards per batch; expected one in one process. Resume it under mpirun, of one process or more, or with Distributed set to Mpi."));
    }

    // Before any value is read.
    private void RequireTensors(int blockLength)
    {
        _file.Require(WeightsName, SafetensorsType.F32, blockLength);
        if (_file.Contains(BestWeightsName))
            _file.Require(BestWeightsName, SafetensorsType.F32, blockLength);
        foreach (SafetensorsTensor tensor in _file.Tensors.Where(tensor => IsEngine(tensor.Name)))
            _file.Require(tensor.Name, SafetensorsType.F32);
        _file.RequireOnly(name => name is WeightsName or BestWeightsName || IsEngine(name), Invariant($"'{WeightsName}', '{BestWeightsName}' and '{EnginePrefix}…' alone"));
    }

    private static bool IsEngine(string name) => name.StartsWith(EnginePrefix, StringComparison.Ordinal);

    private float[] FiniteBlock(string name)
    {
        float[] values = _file.Values<float>(name).ToArray();
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0 ? values : throw new InvalidDataException(Invariant(
                $"The tensor '{name}' has {values[bad]} at position {bad}; expected finite numbers."));
    }
}
