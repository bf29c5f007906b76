using Microsoft.ML.Lstm.Network;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// Moves whole blocks of weights by PyTorch's formulas, a few operations for each. Every operation has the factor κ, a scalar on the device: 1 where loss
/// and gradient are finite, else 0, which leaves weights and moments as they are without the host having to know.
/// </summary>
internal sealed class DeviceOptimizer : IDisposable
{
    private readonly OptimizerSpec _spec;
    private readonly ParameterLayout _parameters;
    private readonly WeightBlock[] _blocks;
    private readonly Tensor[]? _first, _second;
    private readonly string _firstName, _secondName;
    private readonly float _epsilon;

    public DeviceOptimizer(OptimizerSpec spec, ParameterLayout parameters, IEnumerable<WeightBlock> blocks)
    {
        (_spec, _parameters) = (spec, parameters);
        _blocks = [.. blocks.Where(block => !block.IsFrozen)];
        _epsilon = spec.Epsilon ?? (spec.Kind == OptimizerKind.AdaGrad ? 1e-10f : 1e-8f);
        bool isAdam = spec.Kind is OptimizerKind.Adam or OptimizerKind.AdamW;
        _firstName = isAdam ? "exp_avg" : "momentum_buffer";
        _secondName = isAdam ? "exp_avg_sq" : spec.Kind == OptimizerKind.AdaGrad ? "sum" : "square_avg";
        _first = isAdam || (spec.Kind is OptimizerKind.Sgd or OptimizerKind.RmsProp && spec.Momentum > 0) ? Moments() : null;
        _second = spec.Kind == OptimizerKind.Sgd ? null : Moments();
    }

    /// <summary>Moves the weights against the gradients, which are overwritten.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="update">Which update this is, from 1.</param>
    /// <param name="kappa">κ, float32.</param>
    public void Update(float learningRate, long update, Tensor kappa)
    {
        bool isAdam = _spec.Kind is OptimizerKind.Adam or OptimizerKind.AdamW;
        // How fast moments move: nothing where κ is 0.
        Tensor? firstRate = isAdam ? kappa * (1 - Exact(_spec.Beta1)) : null, secondKept = isAdam ? 1 - (kappa * (1 - Exact(_spec.Beta2))) : null;
        for (int i = 0; i < _blocks.Length; i++)
        {
            (Tensor w, Tensor g) = (_blocks[i].Values, _blocks[i].Gradient);
            if (_spec.WeightDecay > 0 && _spec.Kind != OptimizerKind.AdamW)
                g.addcmul_(w, kappa, _spec.WeightDecay);
            if (isAdam)
                UpdateAdam(w, _first![i].lerp_(g, firstRate!), _second![i].mul_(secondKept!).addcmul_(g, g, 1 - Exact(_spec.Beta2)), learningRate, update, kappa);
            else
                w.addcmul_(Direction(i, g, kappa), kappa, -learningRate);
        }
    }

    public IReadOnlyDictionary<string, float[]> ExportState()
    {
        var state = new Dictionary<string, float[]>();
        Export(state, _firstName, _first);
        Export(state, _secondName, _second);
        return state;
    }

    /// <exception cref="ArgumentException">A moment is missing or of another length.</exception>
    public void ImportState(IReadOnlyDictionary<string, float[]> state)
    {
        Import(state, _firstName, _first);
        Import(state, _secondName, _second);
    }

    public void Dispose()
    {
        foreach (Tensor moment in (_first ?? []).Concat(_second ?? []))
            moment.Dispose();
    }

    // w ← w·(1 − ηλ) for AdamW; m ← m + (1 − β₁)(g − m); v ← β₂v + (1 − β₂)g²; w ← w − s·m / (√v / c + ε).
    private void UpdateAdam(Tensor w, Tensor m, Tensor v, float learningRate, long update, Tensor kappa)
    {
        double firstCorrection = 1 - Math.Pow(Exact(_spec.Beta1), update), rootCorrection = Math.Sqrt(1 - Math.Pow(Exact(_spec.Beta2), update));
        if (_spec.Kind == OptimizerKind.AdamW && _spec.WeightDecay > 0)
            w.addcmul_(w, kappa, -learningRate * _spec.WeightDecay);
        // Both corrections as one factor: m / (√v / c + ε) = c · m / (√v + ε · c).
        Tensor denominator = v.sqrt().add_(_epsilon * rootCorrection);
        w.addcmul_(m.div(denominator), kappa, -learningRate * rootCorrection / firstCorrection);
    }

    /// <summary>Against what the weights move; the moments are κ's part on the way.</summary>
    private Tensor Direction(int i, Tensor g, Tensor kappa)
    {
        if (_second is not null)
        {
            Tensor v = _second[i];
            if (_spec.Kind == OptimizerKind.AdaGrad)
                v.addcmul_(g, g, 1);
            else
                v.mul_(1 - (kappa * (1 - Exact(_spec.Smoothing)))).addcmul_(g, g, 1 - Exact(_spec.Smoothing));
            g = g.div_(v.sqrt().add_(_epsilon));
        }
        if (_first is null)
            return g;
        Tensor m = _first[i];
        m.mul_(1 - (kappa * (1 - Exact(_spec.Momentum)))).add_(g);
        return _spec.Kind == OptimizerKind.Sgd && _spec.Nesterov ? g.add_(m, _spec.Momentum) : m;
    }

    // The constant as the user wrote it: 0.999f is 0.99900001287, whose complement is off by 1.3e-5 of 0.001.
    private static double Exact(float constant) => (double)(decimal)constant;

    private Tensor[] Moments() => [.. _blocks.Select(block => zeros_like(block.Values).DetachFromDisposeScope())];

    private void Export(Dictionary<string, float[]> state, string name, Tensor[]? moments)
    {
        if (moments is null)
            return;
        float[] values = new float[_parameters.BlockLength];
        for (int i = 0; i < _blocks.Length; i++)
            _blocks[i].CopyTo(moments[i], values);
        state.Add(name, values);
    }

    private void Import(IReadOnlyDictionary<string, float[]> state, string name, Tensor[]? moments)
    {
        if (moments is null)
            return;
        if (!state.TryGetValue(name, out float[]? saved))
            throw new ArgumentException(Invariant($"The optimizer state has no '{name}'; it has {string.Join(", ", state.Keys)}."), nameof(state));
        if (saved.Length != _parameters.BlockLength)
            throw new ArgumentException(Invariant($"The optimizer state '{name}' has {Plural.Of(saved.Length, "float")}; expected {_parameters.BlockLength}."), nameof(state));
        for (int i = 0; i < _blocks.Length; i++)
            _blocks[i].CopyFrom(saved, moments[i]);
    }
}
