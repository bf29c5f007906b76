using Microsoft.ML.Lstm.Core.Tests.Training;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Golden;

/// <summary>A file of golden vectors, as eng/golden/generate.py writes it.</summary>
internal sealed class GoldenFile
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    private GoldenFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Tensors = new SafetensorsReader(stream);
        Spec = JsonSerializer.Deserialize<NetworkSpec>(Tensors.Metadata["spec"], Json)!;
        Options = Tensors.Metadata.TryGetValue("options", out string? options)
            ? Read(options)
            : Plain.Engine with { Loss = JsonSerializer.Deserialize<LossSpec>(Tensors.Metadata["loss"], Json)! };
        Layout = new ParameterLayout(Spec);
    }

    // What a recording does not name is off.
    private static EngineOptions Read(string options)
    {
        var read = JsonSerializer.Deserialize<EngineOptions>(options, Json)!;
        return options.Contains(nameof(EngineOptions.ClipNorm), StringComparison.Ordinal) ? read : read with { ClipNorm = null };
    }

    public SafetensorsReader Tensors { get; }

    public NetworkSpec Spec { get; }

    public EngineOptions Options { get; }

    public ParameterLayout Layout { get; }

    public static GoldenFile Named(string name) => new(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".safetensors"));

    /// <summary>The names of the files that begin so.</summary>
    public static string[] Names(string beginning) =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), beginning + "*.safetensors")
            .Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    /// <summary>The weights to begin with, as a parameter block.</summary>
    public float[] Weights()
    {
        var block = new float[Layout.BlockLength];
        foreach (ParameterSlice slice in Layout.Slices)
            Tensors.Values<float>("weights/" + slice.Name).CopyTo(block.AsSpan(slice.Offset, slice.Length));
        return block;
    }

    /// <summary>The batch under a prefix: stored padded, batch first, in any order; packed here.</summary>
    public SequenceBatch Batch(string prefix = "")
    {
        ReadOnlySpan<int> lengths = Tensors.Values<int>(prefix + "lengths");
        bool everyStep = Spec.Output == OutputPosition.EveryStep, numeric = Tensors.Contains(prefix + "targets");
        int targetSize = numeric ? Tensors.Shape(prefix + "targets")[^1] : 0;
        var batch = new SequenceBatch();
        batch.Reset(lengths, Spec.InputSize, Spec.VocabularySize > 0, targetSize, everyStep);
        if (Spec.InputSize > 0)
            PackSteps(Tensors.Values<float>(prefix + "features"), Spec.InputSize, batch, batch.Features);
        if (Spec.VocabularySize > 0)
            PackSteps(Tensors.Values<int>(prefix + "tokens"), 1, batch, batch.Tokens);
        if (numeric)
            Pack(Tensors.Values<float>(prefix + "targets"), targetSize, batch, batch.Targets);
        else
            Pack(Tensors.Values<int>(prefix + "classes"), 1, batch, batch.Classes);
        return batch;
    }

    /// <summary>The expected outputs in the batch's own order.</summary>
    public double[] Outputs(SequenceBatch batch)
    {
        var outputs = new double[batch.TargetRows * Spec.OutputSize];
        Pack(Tensors.Values<double>("outputs"), Spec.OutputSize, batch, outputs);
        return outputs;
    }

    private void Pack<T>(ReadOnlySpan<T> given, int size, SequenceBatch batch, Span<T> packed)
    {
        if (Spec.Output == OutputPosition.EveryStep)
        {
            PackSteps(given, size, batch, packed);
            return;
        }
        for (int p = 0; p < batch.SequenceCount; p++)
            given.Slice(batch.Order[p] * size, size).CopyTo(packed[(p * size)..]);
    }

    private static void PackSteps<T>(ReadOnlySpan<T> given, int size, SequenceBatch batch, Span<T> packed)
    {
        for (int p = 0; p < batch.SequenceCount; p++)
            for (int t = 0; t < batch.Lengths[p]; t++)
                given.Slice((batch.Order[p] * batch.StepCount + t) * size, size).CopyTo(packed[(batch.Row(p, t) * size)..]);
    }
}
