using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Training.Optimizers;

/// <summary>
/// Moves a block of weights against its gradient by PyTorch's formulas. A step is <see cref="BeginStep"/>, then <see cref="Update"/> on
/// ranges that together cover the block, each once; disjoint ranges may be updated by different threads, and how the block is cut does
/// not change a bit of the result.
/// </summary>
public sealed class Optimizer
{
    private readonly OptimizerSpec _spec;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly string _firstName;
    private readonly string _secondName;
    private readonly float _epsilon;
    private double _firstCorrection;
    private double _secondCorrection;

    /// <summary>Creates the optimiser's state, all zero.</summary>
    /// <param name="spec">The optimiser and its constants.</param>
    /// <param name="blockLength">Floats in the weight block.</param>
    /// <exception cref="ArgumentException">A constant is out of its range.</exception>
    public Optimizer(OptimizerSpec spec, int blockLength)
    {
        spec.Validate();
        _spec = spec;
        _epsilon = spec.Epsilon ?? (spec.Kind == OptimizerKind.AdaGrad ? 1e-10f : 1e-8f);
        bool isAdam = spec.Kind is OptimizerKind.Adam or OptimizerKind.AdamW;
        _firstName = isAdam ? "exp_avg" : "momentum_buffer";
        _secondName = isAdam ? "exp_avg_sq" : spec.Kind == OptimizerKind.AdaGrad ? "sum" : "square_avg";
        bool hasMomentum = spec.Kind is OptimizerKind.Sgd or OptimizerKind.RmsProp && spec.Momentum > 0;
        _first = new float[isAdam || hasMomentum ? blockLength : 0];
        _second = new float[spec.Kind == OptimizerKind.Sgd ? 0 : blockLength];
        SetCorrections();
    }

    /// <summary>Whether a weight whose gradient is zero stays as it is, and its moments too.</summary>
    internal bool KeepsWhereGradientIsZero => _spec.WeightDecay == 0 && (_spec.Kind == OptimizerKind.AdaGrad || (_spec.Kind == OptimizerKind.Sgd && _first.Length == 0));

    /// <summary>Steps begun so far.</summary>
    public long UpdateCount { get; private set; }

    /// <summary>Begins a step: counts it.</summary>
    public void BeginStep()
    {
        UpdateCount++;
        SetCorrections();
    }

    /// <summary>Updates one range of the block.</summary>
    /// <param name="weights">The range's weights.</param>
    /// <param name="gradients">The range's gradients.</param>
    /// <param name="start">Where the range begins in the block.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    public void Update(Span<float> weights, ReadOnlySpan<float> gradients, int start, float learningRate)
    {
        Span<float> first = _first.Length > 0 ? _first.AsSpan(start, weights.Length) : [];
        Span<float> second = _second.Length > 0 ? _second.AsSpan(start, weights.Length) : [];
        bool hasMomentum = _first.Length > 0;
        float decay = _spec.WeightDecay;
        switch (_spec.Kind)
        {
            case OptimizerKind.Sgd when hasMomentum:
                Run(new MomentumRule(learningRate, decay, _spec.Momentum, _spec.Nesterov), weights, gradients, first, second);
                break;
            case OptimizerKind.Sgd:
                Run(new SgdRule(learningRate, decay), weights, gradients, first, second);
                break;
            case OptimizerKind.AdaGrad:
                Run(new AdaGradRule(learningRate, decay, _epsilon), weights, gradients, first, second);
                break;
            case OptimizerKind.RmsProp when hasMomentum:
                Run(new RmsPropMomentumRule(learningRate, _spec.Momentum, RmsProp(learningRate)), weights, gradients, first, second);
                break;
            case OptimizerKind.RmsProp:
                Run(RmsProp(learningRate), weights, gradients, first, second);
                break;
            default:
                Run(Adam(learningRate), weights, gradients, first, second);
                break;
        }
    }

    /// <summary>A copy of the moments, each as long as the block, under PyTorch's names; empty for plain SGD.</summary>
    public IReadOnlyDictionary<string, float[]> ExportState()
    {
        var state = new Dictionary<string, float[]>();
        if (_first.Length > 0)
            state.Add(_firstName, [.. _first]);
        if (_second.Length > 0)
            state.Add(_secondName, [.. _second]);
        return state;
    }

    /// <summary>Restores what <see cref="ExportState"/> gave; entries under other names are left alone.</summary>
    /// <exception cref="ArgumentException">A moment is missing or of another length.</exception>
    public void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(updateCount);
        Import(state, _firstName, _first);
        Import(state, _secondName, _second);
        UpdateCount = updateCount;
        SetCorrections();
    }

    private static void Import(IReadOnlyDictionary<string, float[]> state, string name, float[] moment)
    {
        if (moment.Length == 0)
            return;
        if (!state.TryGetValue(name, out float[]? saved))
            throw new ArgumentException(Invariant($"The optimizer state has no '{name}'; it has {string.Join(", ", state.Keys)}."), nameof(state));
        if (saved.Length != moment.Length)
            throw new ArgumentException(Invariant($"The optimizer state '{name}' has {Plural.Of(saved.Length, "float")}; expected {moment.Length}."), nameof(state));
        saved.CopyTo(moment, 0);
    }

    private void SetCorrections()
    {
        _firstCorrection = 1 - Math.Pow(Exact(_spec.Beta1), UpdateCount);
        _secondCorrection = 1 - Math.Pow(Exact(_spec.Beta2), UpdateCount);
    }

    // The constant as the user wrote it: 0.999f is 0.99900001287, whose complement is off by 1.3e-5 of 0.001.
    private static double Exact(float constant) => (double)(decimal)constant;

    private RmsPropRule RmsProp(float learningRate) =>
        new(learningRate, _spec.WeightDecay, _spec.Smoothing, (float)(1 - Exact(_spec.Smoothing)), _epsilon);

    private AdamRule Adam(float learningRate)
    {
        bool decoupled = _spec.Kind == OptimizerKind.AdamW;
        return new AdamRule
        {
            WeightDecay = decoupled ? 0 : _spec.WeightDecay,
            Keep = decoupled ? (float)(1 - (double)learningRate * _spec.WeightDecay) : 1,
            FirstGain = (float)(1 - Exact(_spec.Beta1)),
            SecondKeep = _spec.Beta2,
            SecondGain = (float)(1 - Exact(_spec.Beta2)),
            StepSize = (float)(learningRate / _firstCorrection),
            RootCorrection = (float)Math.Sqrt(_secondCorrection),
            Epsilon = _epsilon,
        };
    }

    private static void Run<TRule>(TRule rule, Span<float> w, ReadOnlySpan<float> dw, Span<float> m, Span<float> v)
        where TRule : struct, IUpdateRule
    {
        int width = Vector<float>.Count, i = 0;
        for (; i <= w.Length - width; i += width)
            Step(rule, w[i..], dw[i..], TRule.HasFirst ? m[i..] : m, TRule.HasSecond ? v[i..] : v);
        int rest = w.Length - i;
        if (rest == 0)
            return;
        // The tail goes through the same vector code in padded copies, so that a weight's result never depends on where a range ends.
        Span<float> padded = stackalloc float[4 * width];
        padded.Clear();
        Span<float> pw = padded[..width], pdw = padded.Slice(width, width), pm = padded.Slice(2 * width, width), pv = padded[(3 * width)..];
        w[i..].CopyTo(pw);
        dw[i..].CopyTo(pdw);
        if (TRule.HasFirst)
            m[i..].CopyTo(pm);
        if (TRule.HasSecond)
            v[i..].CopyTo(pv);
        Step(rule, pw, pdw, pm, pv);
        pw[..rest].CopyTo(w[i..]);
        if (TRule.HasFirst)
            pm[..rest].CopyTo(m[i..]);
        if (TRule.HasSecond)
            pv[..rest].CopyTo(v[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TRule>(TRule rule, Span<float> w, ReadOnlySpan<float> dw, Span<float> m, Span<float> v)
        where TRule : struct, IUpdateRule
    {
        Vector<float> first = TRule.HasFirst ? new Vector<float>(m) : default, second = TRule.HasSecond ? new Vector<float>(v) : default;
        rule.Next(new Vector<float>(w), new Vector<float>(dw), ref first, ref second).CopyTo(w);
        if (TRule.HasFirst)
            first.CopyTo(m);
        if (TRule.HasSecond)
            second.CopyTo(v);
    }
}
