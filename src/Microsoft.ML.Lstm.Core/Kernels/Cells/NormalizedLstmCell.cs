using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// The normalised LSTM's pointwise parts, before and after the cell state is normalised:
/// <code>
///   a = γₓ ⊙ N(x·W_ihᵀ) + γₕ ⊙ N(h'·W_hhᵀ) + b     i, f, o = σ(a…)   g = tanh(a_g)     c = f ⊙ c' + i ⊙ g
///   h = o ⊙ tanh(γ_c ⊙ N(c) + β_c)
/// </code>
/// </summary>
internal static unsafe class NormalizedLstmCell<L, V>
    where L : ILanes<V>
    where V : struct
{
    /// <summary>From the normalised products to the gates and c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gates(in NormalizedLstmRow r)
    {
        int w = r.Width;
        for (int u = 0; u < w; u += L.Count)
        {
            V i = Activations<L, V>.Sigmoid(PreActivation(r, u)), f = Activations<L, V>.Sigmoid(PreActivation(r, w + u));
            V g = Activations<L, V>.Tanh(PreActivation(r, (2 * w) + u)), o = Activations<L, V>.Sigmoid(PreActivation(r, (3 * w) + u));
            V c = L.MultiplyAdd(f, L.Load(r.PreviousC + u), L.Multiply(i, g));
            L.Store(i, r.Gates + u);
            L.Store(f, r.Gates + w + u);
            L.Store(g, r.Gates + (2 * w) + u);
            L.Store(o, r.Gates + (3 * w) + u);
            L.Store(c, r.C + u);
            L.Store(c, r.NormalizedC + u);
        }
    }

    /// <summary>From N(c) to h.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(in NormalizedLstmRow r)
    {
        for (int u = 0; u < r.Width; u += L.Count)
            L.Store(L.Multiply(L.Load(r.Gates + (3 * r.Width) + u), Squashed(r, u)), r.H + u);
    }

    /// <summary>With s = tanh(γ_c ⊙ N(c) + β_c): dₒ = dh ⊙ s ⊙ o(1 − o), and dh ⊙ o ⊙ (1 − s²), of which γ_c times goes into N(c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OutputBackward(in NormalizedLstmRow r)
    {
        V one = L.Broadcast(1f);
        for (int u = 0; u < r.Width; u += L.Count)
        {
            V o = L.Load(r.Gates + (3 * r.Width) + u), s = Squashed(r, u), dh = L.Add(L.Load(r.DOutput + u), L.Load(r.DH + u));
            V d = L.Multiply(L.Multiply(dh, o), L.Subtract(one, L.Multiply(s, s)));
            L.Store(L.Multiply(L.Multiply(dh, s), L.Multiply(o, L.Subtract(one, o))), r.DGates + (3 * r.Width) + u);
            L.Store(d, r.DShifted + u);
            L.Store(L.Multiply(d, L.Load(r.CellGain + u)), r.DCell + u);
        }
    }

    /// <summary>dc = dc + DCell; dᵢ = dc ⊙ g ⊙ i(1 − i)   d_f = dc ⊙ c' ⊙ f(1 − f)   d_g = dc ⊙ i ⊙ (1 − g²)   dc' = dc ⊙ f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatesBackward(in NormalizedLstmRow r)
    {
        V one = L.Broadcast(1f);
        int w = r.Width;
        for (int u = 0; u < w; u += L.Count)
        {
            V i = L.Load(r.Gates + u), f = L.Load(r.Gates + w + u), g = L.Load(r.Gates + (2 * w) + u);
            V dc = L.Add(L.Load(r.DC + u), L.Load(r.DCell + u));
            L.Store(L.Multiply(L.Multiply(dc, g), L.Multiply(i, L.Subtract(one, i))), r.DGates + u);
            L.Store(L.Multiply(L.Multiply(dc, L.Load(r.PreviousC + u)), L.Multiply(f, L.Subtract(one, f))), r.DGates + w + u);
            L.Store(L.Multiply(L.Multiply(dc, i), L.Subtract(one, L.Multiply(g, g))), r.DGates + (2 * w) + u);
            L.Store(L.Multiply(dc, f), r.DC + u);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PreActivation(in NormalizedLstmRow r, int at) =>
        L.MultiplyAdd(L.Load(r.InputGain + at), L.Load(r.FromInput + at), L.MultiplyAdd(L.Load(r.StateGain + at), L.Load(r.FromState + at), L.Load(r.Bias + at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Squashed(in NormalizedLstmRow r, int u) =>
        Activations<L, V>.Tanh(L.MultiplyAdd(L.Load(r.CellGain + u), L.Load(r.NormalizedC + u), L.Load(r.CellShift + u)));
}
