using System.Text.Json;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// A trained network as one safetensors file: the weights under PyTorch's names, the scaling as tensors, the architecture and the loss as
/// JSON in the metadata, and free texts beside them. Python reads it as it is; nothing in it executes.
/// </summary>
public sealed class ModelFile
{
    private const string FeatureMean = "scaling.feature_mean", FeatureScale = "scaling.feature_scale";
    private const string WindowKey = "window";
    private const string TargetMean = "scaling.target_mean", TargetScale = "scaling.target_scale";

    // A file without a linear forecast is still of version 2, which older libraries read.
    private const int VersionWithoutLinear = 2;
    private static readonly FileFormat Format = new("microsoft.ml.lstm.model", 3);
    private static readonly string[] ReservedKeys = [FileFormat.NameKey, FileFormat.VersionKey, SafetensorsChecksum.Key, "network", "loss", WindowKey];

    /// <summary>The architecture.</summary>
    public required NetworkSpec Spec { get; init; }

    /// <summary>What was minimised; tells what the raw outputs mean.</summary>
    public required LossSpec Loss { get; init; }

    /// <summary>The weights: a block in the layout of <see cref="Spec"/>.</summary>
    public required ReadOnlyMemory<float> Weights { get; init; }

    /// <summary>How features were scaled; null: not at all.</summary>
    public FeatureScaling? FeatureScaling { get; init; }

    /// <summary>How targets were scaled, which outputs are to undo; null: not at all.</summary>
    public FeatureScaling? TargetScaling { get; init; }

    /// <summary>How windows and outputs are normalised, each by itself; null: not at all.</summary>
    internal WindowTransform? Window { get; init; }

    /// <summary>Texts of the caller's own.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Writes the model.</summary>
    /// <param name="stream">Where to; it need not seek, and stays open.</param>
    /// <exception cref="ArgumentException">The weights are not as many as the network's, or a metadata key is reserved.</exception>
    public void Write(Stream stream)
    {
        var layout = new ParameterLayout(Spec);
        if (Weights.Length != layout.BlockLength)
            throw new ArgumentException(Invariant($"{nameof(Weights)} has {Plural.Of(Weights.Length, "float")}; expected {layout.BlockLength}."));
        var file = new SafetensorsWriter();
        foreach ((string key, string value) in Metadata)
            file.Metadata[key] = !ReservedKeys.Contains(key)
                ? value
                : throw new ArgumentException(Invariant($"{nameof(Metadata)} has the key '{key}'; expected another than {string.Join(", ", ReservedKeys)}."));
        Format.WriteTo(file, Window?.Linear is null ? VersionWithoutLinear : null);
        file.Metadata["network"] = JsonSerializer.Serialize(Spec, MetadataJson.Default.NetworkSpec);
        file.Metadata["loss"] = JsonSerializer.Serialize(Loss, MetadataJson.Default.LossSpec);
        if (Window is not null)
            file.Metadata[WindowKey] = JsonSerializer.Serialize(Window, MetadataJson.Default.WindowTransform);
        foreach (ParameterSlice slice in layout.Slices)
            file.Add(slice.Name, slice.Shape, Weights.Slice(slice.Offset, slice.Length));
        Add(file, FeatureMean, FeatureScale, FeatureScaling);
        Add(file, TargetMean, TargetScale, TargetScaling);
        if (Window?.Linear is { } linear)
            LinearForecastTensors.Add(file, linear);
        file.Write(stream);
    }

    /// <summary>Writes the model to a file, which is there whole or not at all.</summary>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Reads a model and checks every name and shape.</summary>
    /// <param name="stream">Where from; it is read to its end and stays open.</param>
    /// <exception cref="InvalidDataException">It is no model, broken, cut off, or of a newer version; the message says what was found.</exception>
    public static ModelFile Read(Stream stream)
    {
        SafetensorsReader file = SafetensorsReader.ReadHeader(stream);
        Format.Require(file.Metadata);
        (NetworkSpec spec, ParameterLayout layout) = MetadataJson.ReadNetwork(file.Metadata);
        RequireTensors(file, layout);
        RequireNoOthers(file, spec, layout);
        file.ReadValues(stream);
        return new ModelFile
        {
            Spec = spec,
            Loss = MetadataJson.Read(file.Metadata, "loss", MetadataJson.Default.LossSpec),
            Weights = ReadWeights(file, layout),
            FeatureScaling = ReadScaling(file, FeatureMean, FeatureScale, spec.InputSize),
            TargetScaling = ReadScaling(file, TargetMean, TargetScale, null),
            Window = ReadWindow(file),
            Metadata = file.Metadata.Where(pair => !ReservedKeys.Contains(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value),
        };
    }

    /// <summary>Reads a model from a file.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Read"/>; the message names the file.</exception>
    public static ModelFile Load(string path) => FileFormat.Load(path, "model", Read);

    /// <summary>The parameters that a file holds under the layout's names.</summary>
    /// <exception cref="InvalidDataException">One is missing, of another shape, NaN or infinite; names it.</exception>
    internal static float[] ReadWeights(SafetensorsReader file, ParameterLayout layout)
    {
        float[] weights = new float[layout.BlockLength];
        foreach (ParameterSlice slice in layout.Slices)
        {
            ReadOnlySpan<float> values = file.Values<float>(slice.Name);
            foreach (float value in values)
                if (!float.IsFinite(value))
                    throw new InvalidDataException(Invariant($"The model's tensor '{slice.Name}' has {value}; expected finite values."));
            values.CopyTo(weights.AsSpan(slice.Offset));
        }
        return weights;
    }

    private static void Add(SafetensorsWriter file, string mean, string scale, FeatureScaling? scaling)
    {
        if (scaling is null)
            return;
        file.Add<float>(mean, [scaling.Size], scaling.Mean.ToArray());
        file.Add<float>(scale, [scaling.Size], scaling.Scale.ToArray());
    }

    private static FeatureScaling? ReadScaling(SafetensorsReader file, string mean, string scale, int? size)
    {
        if (!file.Contains(mean) && !file.Contains(scale))
            return null;
        try
        {
            var scaling = new FeatureScaling(file.Values<float>(mean), file.Values<float>(scale));
            scaling.RequireSize(size ?? scaling.Size, mean);
            return scaling;
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(Invariant($"The model's '{mean}' and '{scale}' do not fit: {e.Message}"), e);
        }
    }

    private static WindowTransform? ReadWindow(SafetensorsReader file)
    {
        if (!file.Metadata.ContainsKey(WindowKey))
            return null;
        return MetadataJson.Read(file.Metadata, WindowKey, MetadataJson.Default.WindowTransform) with { Linear = LinearForecastTensors.Read(file) };
    }

    // Before any value is read, so that neither a false architecture nor a foreign tensor can claim memory.
    internal static void RequireTensors(SafetensorsReader file, ParameterLayout layout)
    {
        foreach (ParameterSlice slice in layout.Slices)
        {
            if (!file.Contains(slice.Name))
                throw new InvalidDataException(Invariant($"The model has no tensor '{slice.Name}'; expected {Names(layout)}."));
            if (!file.Shape(slice.Name).SequenceEqual(slice.Shape))
                throw new InvalidDataException(Invariant($"The model's tensor '{slice.Name}' has shape {Excerpt.Of(file.Shape(slice.Name))}; expected {Excerpt.Of(slice.Shape)}."));
            file.Require(slice.Name, SafetensorsType.F32);
        }
    }

    private static void RequireNoOthers(SafetensorsReader file, NetworkSpec spec, ParameterLayout layout)
    {
        string[] scalings = [FeatureMean, FeatureScale, TargetMean, TargetScale];
        foreach (SafetensorsTensor tensor in file.Tensors)
            if (scalings.Contains(tensor.Name))
                RequireScaling(tensor, spec);
            else if (LinearForecastTensors.Has(tensor.Name))
                LinearForecastTensors.Require(file, tensor, spec.OutputSize, hasWindow: file.Metadata.ContainsKey(WindowKey));
            else if (!layout.Contains(tensor.Name))
                throw new InvalidDataException(Invariant($"The model has a tensor '{Excerpt.Of(tensor.Name)}' that its network does not; expected {Names(layout)}."));
    }

    private static void RequireScaling(SafetensorsTensor tensor, NetworkSpec spec)
    {
        int most = tensor.Name is FeatureMean or FeatureScale ? spec.InputSize : spec.OutputSize;
        if (tensor.Type != SafetensorsType.F32 || tensor.Shape.Count != 1 || tensor.Length > most)
            throw new InvalidDataException(
                Invariant($"The model's tensor '{tensor.Name}' is {tensor.Type} of shape {Excerpt.Of(tensor.Shape)}; expected F32 of at most [{most}]."));
    }

    private static string Names(ParameterLayout layout) => Excerpt.Of(layout.Slices.Select(slice => slice.Name));
}
