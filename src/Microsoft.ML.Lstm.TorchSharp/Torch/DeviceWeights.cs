using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>All weights of a network on a device: a block for each level of recurrent layers, one for the rest, and one for those of the rest that stay as they are.</summary>
internal sealed class DeviceWeights : IDisposable
{
    private readonly ParameterLayout _parameters;
    private readonly RegularizationSpec _dropout;
    private readonly Device _device;
    private readonly ScalarType _factors;
    private readonly int _frozenLength;
    private readonly Dictionary<string, Tensor> _leaves = [];

    /// <summary>Makes room for the weights, all zero.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="options">Which stay as they are, and dropout.</param>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="device">Where they lie.</param>
    /// <param name="factors">What the factors of products are rounded to: float32 or bfloat16.</param>
    public DeviceWeights(NetworkSpec spec, EngineOptions options, ParameterLayout parameters, Device device, ScalarType factors)
    {
        _parameters = parameters;
        (_dropout, _device, _factors) = (options.Regularization, device, factors);
        _frozenLength = parameters.FrozenLength(options.FrozenLayers, options.FreezeEmbedding);
        Encoder = Levels(spec, "rnn.", spec.LayerInputSize(0));
        bool hasOwnDecoder = spec.Forecast is { EmbedsSegments: false };
        Decoder = spec.Forecast is null ? [] : hasOwnDecoder ? Levels(spec, "decoder.", spec.Forecast.DecoderSize) : Encoder;
        ParameterSlice[] rest = [.. parameters.Slices.Where(slice => !IsOfLevel(slice.Name))];
        List<WeightBlock> blocks = [.. Encoder.Select(level => level.Block)];
        if (hasOwnDecoder)
            blocks.AddRange(Decoder.Select(level => level.Block));
        blocks.Add(Lay([.. rest.Where(slice => !IsFrozen(slice))], isFrozen: false));
        if (rest.Any(IsFrozen))
            blocks.Add(Lay([.. rest.Where(IsFrozen)], isFrozen: true));
        Blocks = blocks;
    }

    /// <summary>The recurrent layers, first layer first.</summary>
    public IReadOnlyList<IRecurrentLevel> Encoder { get; }

    /// <summary>A forecasting network's decoder, which may be the encoder's own layers; empty without.</summary>
    public IReadOnlyList<IRecurrentLevel> Decoder { get; }

    public IReadOnlyList<WeightBlock> Blocks { get; }

    /// <summary>A parameter that belongs to no recurrent layer.</summary>
    public Tensor this[string name] => _leaves[name];

    /// <summary>x·Wᵀ + b, its factors rounded.</summary>
    public Tensor Linear(Tensor x, string weight, string bias) => _factors == float32
        ? nn.functional.linear(x, this[weight], this[bias])
        : nn.functional.linear(x.to(_factors), this[weight].to(_factors), this[bias].to(_factors)).to(float32);

    /// <summary>Rounds the weights of the recurrent layers for the passes that follow, where they are rounded.</summary>
    public void Round()
    {
        foreach (WeightBlock block in Blocks)
            block.Round();
    }

    /// <summary>Widens the gradients of rounded weights.</summary>
    public void GatherGradient()
    {
        foreach (WeightBlock block in Blocks)
            block.GatherGradient();
    }

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
            weights.ClearGradient();
    }

    public void Dispose()
    {
        foreach (IRecurrentLevel level in Encoder.Concat(Decoder).Distinct())
            level.Dispose();
        foreach (WeightBlock block in Blocks)
            block.Dispose();
    }

    /// <summary>Neighbouring layers of one width are one module, unless dropout comes between them or one stays as it is; what libtorch's modules have not is unrolled.</summary>
    private IRecurrentLevel[] Levels(NetworkSpec spec, string prefix, int inputSize)
    {
        var levels = new List<IRecurrentLevel>();
        for (int first = 0, next; first < spec.HiddenSizes.Count; first = next)
        {
            next = first + 1;
            bool isFrozen = IsFrozen(_parameters[FirstWeight(prefix, first)]);
            if (spec.LayerNormalization || _dropout.RecurrentDropout > 0)
            {
                levels.Add(new UnrolledLayer(spec, _parameters, prefix, first, _dropout.RecurrentDropout, _device, isFrozen));
                continue;
            }
            while (_dropout.LayerDropout == 0 && next < spec.HiddenSizes.Count && spec.HiddenSizes[next] == spec.HiddenSizes[first]
                && IsFrozen(_parameters[FirstWeight(prefix, next)]) == isFrozen)
                next++;
            levels.Add(new RecurrentModule(spec, _parameters, prefix, first, next - first, first == 0 ? inputSize : spec.LayerInputSize(first), _device, _factors, isFrozen));
        }
        return [.. levels];
    }

    private WeightBlock Lay(ParameterSlice[] slices, bool isFrozen)
    {
        var block = new WeightBlock(slices, _device, isFrozen);
        foreach (ParameterSlice slice in slices)
            _leaves.Add(slice.Name, block.Leaf(slice.Name));
        return block;
    }

    private bool IsFrozen(ParameterSlice slice) => slice.Offset < _frozenLength;

    private static string FirstWeight(string prefix, int layer) => prefix + "weight_ih" + ParameterLayout.Suffix(layer, 0);

    private static bool IsOfLevel(string name) => name.Contains(".weight_", StringComparison.Ordinal) || name.Contains(".bias_", StringComparison.Ordinal)
        || name.Contains(".norm_", StringComparison.Ordinal);
}
