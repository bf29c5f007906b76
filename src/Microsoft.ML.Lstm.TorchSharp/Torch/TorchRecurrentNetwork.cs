using Microsoft.ML.Lstm.Network;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// Input → recurrent layers → linear output layer, as <see cref="NetworkSpec"/> says:
/// <code>
///   x = drop(embedding of the token | values)      [N, E + F]
///   h = recurrent layers over x                    [N, top], or the final state of each direction [B, top]
///   y = drop(h)·Wᵀ + b                             [rows, O]
/// </code>
/// </summary>
internal sealed class TorchRecurrentNetwork(NetworkSpec spec, RegularizationSpec dropout, DeviceWeights weights, Device device) : ITorchNetwork
{
    private readonly RecurrentStack _stack = new(spec, weights, dropout.LayerDropout, device);

    public Tensor Forward(DeviceBatch batch, CarriedState? carried, DropoutDraws? draws)
    {
        (Tensor rows, IReadOnlyList<LayerState> finals) = _stack.Run(batch, Input(batch, draws), carried, draws);
        Tensor top = spec.Output == OutputPosition.EveryStep ? rows : Final(finals[^1].H);
        top = draws?.Drop(top, dropout.OutputDropout) ?? top;
        return weights.Linear(top, spec.TiedEmbeddings ? "embedding.weight" : "output.weight", "output.bias");
    }

    private Tensor Input(DeviceBatch batch, DropoutDraws? draws)
    {
        Tensor x = batch.Features!;
        if (batch.Tokens is { } tokens)
        {
            Tensor embedded = weights["embedding.weight"].index_select(0, tokens);
            // One draw for each type of token, which all its rows share.
            if (draws is not null && dropout.EmbeddingDropout > 0)
                embedded *= draws.Mask([spec.VocabularySize, 1], dropout.EmbeddingDropout, device).index_select(0, tokens);
            x = batch.Features is { } values ? cat([embedded, values], 1) : embedded;
        }
        return draws?.Drop(x, dropout.InputDropout) ?? x;
    }

    /// <summary>The last layer's final states side by side: [layers · directions, B, H] to [B, directions · H].</summary>
    private Tensor Final(Tensor h)
    {
        long first = h.shape[0] - spec.Directions;
        return spec.Bidirectional ? cat([h[first], h[first + 1]], 1) : h[first];
    }
}
