using Microsoft.ML.Lstm.Network;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// One recurrent layer whose time loop runs here, operation by operation: for layer normalisation and for dropout on the recurrent state, which libtorch's
/// fused layers have not. Slower than those. LSTM, with N the normalisation of each gate (or the identity) and m the mask of h:
/// <code>
///   a = γₓ ⊙ N(x·W_ihᵀ) + b_ih + γₕ ⊙ N((m ⊙ h')·W_hhᵀ) + b_hh        i, f, o = σ(a…)   g = tanh(a_g)
///   c = f ⊙ c' + i ⊙ g                                                h = o ⊙ tanh(γ_c ⊙ N(c) + β_c)
/// </code>
/// Step t is made of the first rows of the state, as many as sequences have such a step.
/// </summary>
internal sealed class UnrolledLayer : IRecurrentLevel
{
    private const double Epsilon = 1e-5;
    private readonly CellKind _cell;
    private readonly bool _normalizes;
    private readonly float _dropout;
    private readonly string _prefix;
    private readonly Device _device;
    private readonly Dictionary<string, Tensor> _leaves = [];

    /// <summary>Makes the layer.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="prefix"><c>rnn.</c> or <c>decoder.</c>.</param>
    /// <param name="layer">Which, from 0.</param>
    /// <param name="dropout">Rate of dropout on the recurrent state.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="isFrozen">Whether the weights stay as they are.</param>
    public UnrolledLayer(NetworkSpec spec, ParameterLayout parameters, string prefix, int layer, float dropout, Device device, bool isFrozen)
    {
        (_cell, _normalizes, _dropout, _prefix, _device) = (spec.Cell, spec.LayerNormalization, dropout, prefix, device);
        (FirstLayer, Directions, Units) = (layer, spec.Directions, spec.HiddenSizes[layer]);
        string[] kinds = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", .. _normalizes ? ["norm_ih", "norm_hh", "norm_c", "norm_c_bias"] : Array.Empty<string>()];
        string[] names = [.. from direction in Enumerable.Range(0, Directions) from kind in kinds select Name(kind, direction)];
        Block = new WeightBlock(names.Select(name => parameters[name]), device, isFrozen);
        foreach (string name in names)
            _leaves.Add(name, Block.Leaf(name));
    }

    public int FirstLayer { get; }

    public int LayerCount => 1;

    public int Directions { get; }

    public int Units { get; }

    public WeightBlock Block { get; }

    private int Gates => ParameterLayout.Gates(_cell);

    public void SetTraining(bool isTraining)
    {
        // Nothing here is kept but what autograd keeps.
    }

    public (Tensor Rows, LayerState Final) Run(DeviceBatch batch, Tensor rows, LayerState initial, DropoutDraws? draws)
    {
        var (outputs, h, c) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        for (int direction = 0; direction < Directions; direction++)
        {
            Tensor x = direction == 0 ? rows : rows.index_select(0, batch.Reversed);
            (Tensor y, LayerState final) = Loop(direction, x, batch.Host.Offsets.ToArray(), new LayerState(initial.H[direction], initial.C?[direction]), draws);
            outputs.Add(direction == 0 ? y : y.index_select(0, batch.Reversed));
            h.Add(final.H);
            if (final.C is { } cells)
                c.Add(cells);
        }
        return (outputs.Count == 1 ? outputs[0] : cat(outputs, 1), new LayerState(stack(h), c.Count > 0 ? stack(c) : null));
    }

    public Tensor RunStep(Tensor rows, LayerState initial, int together, DropoutDraws? draws) =>
        Loop(0, rows, [0, (int)rows.shape[0]], new LayerState(initial.H[0], initial.C?[0]), draws, together).Rows;

    public void Dispose() => Block.Dispose();

    /// <summary>All steps of one direction, from rows in reading order: outputs in the same order, and the state after each sequence's last step.</summary>
    private (Tensor Rows, LayerState Final) Loop(int direction, Tensor x, int[] offsets, LayerState state, DropoutDraws? draws, int together = 1)
    {
        Tensor fromInput = Normalized(nn.functional.linear(x, Leaf("weight_ih", direction)), "norm_ih", direction) + Leaf("bias_ih", direction);
        Tensor? mask = draws is null || _dropout == 0 ? null : draws.Mask([state.H.shape[0] / together, Units], _dropout, _device).repeat_interleave(together, 0);
        var (outputs, ended) = (new List<Tensor>(), new List<LayerState>());
        for (int t = 0; t < offsets.Length - 1; t++)
        {
            int count = offsets[t + 1] - offsets[t], before = (int)state.H.shape[0];
            if (count < before)
            {
                ended.Insert(0, Part(state, count, before - count));
                state = Part(state, 0, count);
            }
            state = Step(direction, fromInput.narrow(0, offsets[t], count), state, mask?.narrow(0, 0, count));
            outputs.Add(state.H);
        }
        ended.Insert(0, state);
        return (cat(outputs, 0), new LayerState(cat([.. ended.Select(one => one.H)], 0), state.C is null ? null : cat([.. ended.Select(one => one.C!)], 0)));
    }

    private LayerState Step(int direction, Tensor fromInput, LayerState state, Tensor? mask)
    {
        Tensor masked = mask is null ? state.H : state.H * mask;
        Tensor fromState = Normalized(nn.functional.linear(masked, Leaf("weight_hh", direction)), "norm_hh", direction) + Leaf("bias_hh", direction);
        switch (_cell)
        {
            case CellKind.Lstm:
                Tensor[] gates = (fromInput + fromState).chunk(Gates, 1);
                Tensor c = (gates[1].sigmoid() * state.C!) + (gates[0].sigmoid() * gates[2].tanh());
                Tensor shown = _normalizes ? Normalized(c, "norm_c", direction) + Leaf("norm_c_bias", direction) : c;
                return new LayerState(gates[3].sigmoid() * shown.tanh(), c);
            case CellKind.Gru:
                Tensor[] a = fromInput.chunk(Gates, 1), q = fromState.chunk(Gates, 1);
                Tensor r = (a[0] + q[0]).sigmoid(), z = (a[1] + q[1]).sigmoid(), n = (a[2] + (r * q[2])).tanh();
                return new LayerState(((1 - z) * n) + (z * state.H), null);
            case CellKind.RnnTanh:
                return new LayerState((fromInput + fromState).tanh(), null);
            default:
                return new LayerState((fromInput + fromState).relu(), null);
        }
    }

    /// <summary>γ ⊙ N(v), each gate's H values by themselves; v itself where nothing is normalised.</summary>
    private Tensor Normalized(Tensor v, string gain, int direction) => !_normalizes
        ? v
        : nn.functional.layer_norm(v.reshape(v.shape[0], -1, Units), [Units], eps: Epsilon).reshape(v.shape[0], -1) * Leaf(gain, direction);

    private static LayerState Part(LayerState state, int first, int count) => new(state.H.narrow(0, first, count), state.C?.narrow(0, first, count));

    private Tensor Leaf(string kind, int direction) => _leaves[Name(kind, direction)];

    private string Name(string kind, int direction) => _prefix + kind + ParameterLayout.Suffix(FirstLayer, direction);
}
