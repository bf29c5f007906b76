using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// The LSTM's pointwise part (PyTorch's gate order):
/// <code>
///   i = σ(aᵢ)   f = σ(a_f)   g = tanh(a_g)   o = σ(aₒ)        a = x·W_ihᵀ + h'·W_hhᵀ + b
///   c = f ⊙ c' + i ⊙ g       h = o ⊙ tanh(c)                  (' the step before)
/// </code>
/// Kept for the backward pass: i, f, g, o in place of a, and c; tanh(c) is computed again, which is cheaper than its memory traffic.
/// </summary>
internal static unsafe class LstmCell<L, V>
    where L : ILanes<V>
    where V : struct
{
    public static void Forward(in CellTile t)
    {
        int end = GateActivation<L, V>.WholeRows(t.Rows, t.Width);
        for (int row = 0; row < end; row += GateActivation<L, V>.RowBlock)
            ForwardTogether(t, row, Math.Min(GateActivation<L, V>.RowBlock, end - row));
        ForwardNarrow(t, end);
    }

    private static void ForwardTogether(in CellTile t, int first, int rows)
    {
        float* a = t.Gates + (first * t.GatesRow), bias = t.Bias + (first * t.BiasRow);
        nint state = first * t.CRow;
        int width = t.Width;
        GateActivation<L, V>.Sigmoid(a, t.GatesRow, bias, t.BiasRow, rows, 2 * width);
        GateActivation<L, V>.Tanh(a + (2 * width), t.GatesRow, bias + (2 * width), t.BiasRow, a + (2 * width), t.GatesRow, rows, width);
        GateActivation<L, V>.Sigmoid(a + (3 * width), t.GatesRow, bias + (3 * width), t.BiasRow, rows, width);
        UpdateState(a, t.GatesRow, t.PreviousC + state, t.C + state, t.CRow, t.H + (first * t.HRow), t.HRow, rows, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateState(float* a, nint aRow, float* previousC, float* c, nint cRow, float* h, nint hRow, int rows, int width)
    {
        int together = GateActivation<L, V>.RowsTogether(width);
        (nint a1, nint a2, nint a3) = GateActivation<L, V>.Offsets(width, aRow);
        (nint s1, nint s2, nint s3) = GateActivation<L, V>.Offsets(width, cRow);
        (nint h1, nint h2, nint h3) = GateActivation<L, V>.Offsets(width, hRow);
        for (; rows > 0; rows -= together, a += together * aRow, previousC += together * cRow, c += together * cRow, h += together * hRow)
        {
            for (int u = 0; u < width; u += 4 * L.Count)
            {
                V c0 = State(a + u, width, previousC + u), c1 = State(a + u + a1, width, previousC + u + s1);
                V c2 = State(a + u + a2, width, previousC + u + s2), c3 = State(a + u + a3, width, previousC + u + s3);
                L.Store(c0, c + u);
                L.Store(c1, c + u + s1);
                L.Store(c2, c + u + s2);
                L.Store(c3, c + u + s3);
                GateActivation<L, V>.Tanh(ref c0, ref c1, ref c2, ref c3);
                float* o = a + (3 * width) + u;
                L.Store(L.Multiply(L.Load(o), c0), h + u);
                L.Store(L.Multiply(L.Load(o + a1), c1), h + u + h1);
                L.Store(L.Multiply(L.Load(o + a2), c2), h + u + h2);
                L.Store(L.Multiply(L.Load(o + a3), c3), h + u + h3);
            }
        }
    }

    // f ⊙ c' + i ⊙ g.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V State(float* a, int width, float* previousC) =>
        L.MultiplyAdd(L.Load(a + width), L.Load(previousC), L.Multiply(L.Load(a), L.Load(a + (2 * width))));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardNarrow(in CellTile t, int first)
    {
        for (int row = first; row < t.Rows; row++)
        {
            float* a = t.Gates + (row * t.GatesRow);
            float* bias = t.Bias + (row * t.BiasRow);
            nint state = row * t.CRow, output = row * t.HRow;
            for (int u = 0; u < t.Width; u += L.Count)
            {
                V i = Activations<L, V>.Sigmoid(L.Add(L.Load(a + u), L.Load(bias + u)));
                V f = Activations<L, V>.Sigmoid(L.Add(L.Load(a + t.Width + u), L.Load(bias + t.Width + u)));
                V g = Activations<L, V>.Tanh(L.Add(L.Load(a + (2 * t.Width) + u), L.Load(bias + (2 * t.Width) + u)));
                V o = Activations<L, V>.Sigmoid(L.Add(L.Load(a + (3 * t.Width) + u), L.Load(bias + (3 * t.Width) + u)));
                V c = L.MultiplyAdd(f, L.Load(t.PreviousC + state + u), L.Multiply(i, g));
                L.Store(i, a + u);
                L.Store(f, a + t.Width + u);
                L.Store(g, a + (2 * t.Width) + u);
                L.Store(o, a + (3 * t.Width) + u);
                L.Store(c, t.C + state + u);
                L.Store(L.Multiply(o, Activations<L, V>.Tanh(c)), t.H + output + u);
            }
        }
    }

    /// <summary>
    /// With dh = ∂/∂h from above and from the step after, dc from the step after, s = tanh(c):
    /// <code>
    ///   dc += dh ⊙ o ⊙ (1 − s²)
    ///   dᵢ = dc ⊙ g ⊙ i(1 − i)   d_f = dc ⊙ c' ⊙ f(1 − f)   d_g = dc ⊙ i ⊙ (1 − g²)   dₒ = dh ⊙ s ⊙ o(1 − o)
    ///   dc' = dc ⊙ f
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in CellGradientTile t)
    {
        V one = L.Broadcast(1f);
        for (int row = 0; row < t.Rows; row++)
        {
            float* gates = t.Gates + (row * t.GatesRow);
            float* dGates = t.DGates + (row * t.DGatesRow);
            nint state = row * t.CRow, dState = row * t.DStateRow;
            for (int u = 0; u < t.Width; u += L.Count)
            {
                V i = L.Load(gates + u), f = L.Load(gates + t.Width + u);
                V g = L.Load(gates + (2 * t.Width) + u), o = L.Load(gates + (3 * t.Width) + u);
                V s = Activations<L, V>.Tanh(L.Load(t.C + state + u));
                V dh = L.Add(L.Load(t.DOutput + (row * t.DOutputRow) + u), L.Load(t.DH + dState + u));
                V dc = L.MultiplyAdd(L.Multiply(dh, o), L.Subtract(one, L.Multiply(s, s)), L.Load(t.DC + dState + u));
                V dI = L.Multiply(L.Multiply(dc, g), L.Multiply(i, L.Subtract(one, i)));
                V dF = L.Multiply(L.Multiply(dc, L.Load(t.PreviousC + state + u)), L.Multiply(f, L.Subtract(one, f)));
                V dG = L.Multiply(L.Multiply(dc, i), L.Subtract(one, L.Multiply(g, g)));
                V dO = L.Multiply(L.Multiply(dh, s), L.Multiply(o, L.Subtract(one, o)));
                L.Store(dI, dGates + u);
                L.Store(dF, dGates + t.DGatesStride + u);
                L.Store(dG, dGates + (2 * t.DGatesStride) + u);
                L.Store(dO, dGates + (3 * t.DGatesStride) + u);
                L.Store(L.Multiply(dc, f), t.DC + dState + u);
            }
        }
    }
}
