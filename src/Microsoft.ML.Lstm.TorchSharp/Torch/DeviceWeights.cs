using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>All weights of a network on a device: a block for each module of recurrent layers, one for the rest, and one for an embedding that stays as it is.</summary>
internal sealed class DeviceWeights : IDisposable
{
    private const string Embedding = "embedding.weight";
    private readonly ParameterLayout _parameters;
    private readonly Dictionary<string, Tensor> _leaves = [];

    public DeviceWeights(NetworkSpec spec, EngineOptions options, ParameterLayout parameters, Device device)
    {
        _parameters = parameters;
        bool together = options.Regularization.LayerDropout == 0;
        Encoder = Modules(spec, "rnn.", spec.LayerInputSize(0), together, device);
        bool hasOwnDecoder = spec.Forecast is { EmbedsSegments: false };
        Decoder = spec.Forecast is null ? [] : hasOwnDecoder ? Modules(spec, "decoder.", spec.Forecast.DecoderSize, together, device) : Encoder;
        bool freezes = options.FreezeEmbedding && parameters.Contains(Embedding);
        ParameterSlice[] rest = [.. parameters.Slices.Where(slice => !IsOfModule(slice.Name) && !(freezes && slice.Name == Embedding))];
        List<WeightBlock> blocks = [.. Encoder.Select(module => module.Block)];
        if (hasOwnDecoder)
            blocks.AddRange(Decoder.Select(module => module.Block));
        blocks.Add(Lay(rest, device));
        if (freezes)
            blocks.Add(Lay([parameters[Embedding]], device, isFrozen: true));
        Blocks = blocks;
    }

    /// <summary>The recurrent layers, first layer first.</summary>
    public IReadOnlyList<RecurrentModule> Encoder { get; }

    /// <summary>A forecasting network's decoder, which may be the encoder's own layers; empty without.</summary>
    public IReadOnlyList<RecurrentModule> Decoder { get; }

    public IReadOnlyList<WeightBlock> Blocks { get; }

    /// <summary>A parameter that belongs to no recurrent layer.</summary>
    public Tensor this[string name] => _leaves[name];

    public void CopyTo(Span<float> block)
    {
        block[.._parameters.BlockLength].Clear();
        foreach (WeightBlock weights in Blocks)
            weights.CopyTo(weights.Values, block);
    }

    public void CopyFrom(ReadOnlySpan<float> block)
    {
        foreach (WeightBlock weights in Blocks)
            weights.CopyFrom(block, weights.Values);
    }

    public void ClearGradient()
    {
        foreach (WeightBlock weights in Blocks)
            weights.Gradient.zero_();
    }

    public void Dispose()
    {
        foreach (RecurrentModule module in Encoder.Concat(Decoder).Distinct())
            module.Dispose();
        foreach (WeightBlock block in Blocks)
            block.Dispose();
    }

    /// <summary>Neighbouring layers of one width are one module, unless dropout comes between them.</summary>
    private RecurrentModule[] Modules(NetworkSpec spec, string prefix, int inputSize, bool together, Device device)
    {
        var modules = new List<RecurrentModule>();
        for (int first = 0, next; first < spec.HiddenSizes.Count; first = next)
        {
            next = first + 1;
            while (together && next < spec.HiddenSizes.Count && spec.HiddenSizes[next] == spec.HiddenSizes[first])
                next++;
            modules.Add(new RecurrentModule(spec, _parameters, prefix, first, next - first, first == 0 ? inputSize : spec.LayerInputSize(first), device));
        }
        return [.. modules];
    }

    private WeightBlock Lay(ParameterSlice[] slices, Device device, bool isFrozen = false)
    {
        var block = new WeightBlock(slices, device, isFrozen);
        foreach (ParameterSlice slice in slices)
            _leaves.Add(slice.Name, block.Leaf(slice.Name));
        return block;
    }

    private static bool IsOfModule(string name) => name.Contains(".weight_", StringComparison.Ordinal) || name.Contains(".bias_", StringComparison.Ordinal);
}
