using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// The GRU's pointwise part, reset after the recurrent product (PyTorch's and cuDNN's form):
/// <code>
///   r = σ(a_r)   z = σ(a_z)   q = h'·W_hnᵀ + b_hn   n = tanh(x·W_inᵀ + b_in + r ⊙ q)
///   h = n + z ⊙ (h' − n)
/// </code>
/// Slots: a_r, a_z, the x part of n, the h part q. Kept for the backward pass in their place: r, z, n, q.
/// </summary>
internal static unsafe class GruCell<L, V>
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
        nint state = first * t.HRow;
        GateActivation<L, V>.Sigmoid(a, t.GatesRow, bias, t.BiasRow, rows, 2 * t.Width);
        UpdateState(a, t.GatesRow, bias, t.BiasRow, t.PreviousH + state, t.H + state, t.HRow, rows, t.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateState(float* a, nint aRow, float* bias, nint biasRow, float* previousH, float* h, nint hRow, int rows,
        int width)
    {
        int together = GateActivation<L, V>.RowsTogether(width);
        (nint a1, nint a2, nint a3) = GateActivation<L, V>.Offsets(width, aRow);
        (nint b1, nint b2, nint b3) = GateActivation<L, V>.Offsets(width, biasRow);
        (nint h1, nint h2, nint h3) = GateActivation<L, V>.Offsets(width, hRow);
        for (; rows > 0; rows -= together, a += together * aRow, bias += together * biasRow, previousH += together * hRow, h += together * hRow)
        {
            for (int u = 0; u < width; u += 4 * L.Count)
            {
                V n0 = Candidate(a + u, bias + u, width), n1 = Candidate(a + u + a1, bias + u + b1, width);
                V n2 = Candidate(a + u + a2, bias + u + b2, width), n3 = Candidate(a + u + a3, bias + u + b3, width);
                GateActivation<L, V>.Tanh(ref n0, ref n1, ref n2, ref n3);
                Mix(n0, a + u, width, previousH + u, h + u);
                Mix(n1, a + u + a1, width, previousH + u + h1, h + u + h1);
                Mix(n2, a + u + a2, width, previousH + u + h2, h + u + h2);
                Mix(n3, a + u + a3, width, previousH + u + h3, h + u + h3);
            }
        }
    }

    // What n is the tanh of; leaves q, of which the backward pass needs to know, in its slot.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Candidate(float* a, float* bias, int width)
    {
        V q = L.Add(L.Load(a + (3 * width)), L.Load(bias + (3 * width))), x = L.Add(L.Load(a + (2 * width)), L.Load(bias + (2 * width)));
        L.Store(q, a + (3 * width));
        return L.MultiplyAdd(L.Load(a), q, x);
    }

    // h = n + z ⊙ (h' − n).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(V n, float* a, int width, float* previousH, float* h)
    {
        L.Store(n, a + (2 * width));
        L.Store(L.MultiplyAdd(L.Load(a + width), L.Subtract(L.Load(previousH), n), n), h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardNarrow(in CellTile t, int first)
    {
        for (int row = first; row < t.Rows; row++)
        {
            float* a = t.Gates + (row * t.GatesRow);
            float* bias = t.Bias + (row * t.BiasRow);
            nint state = row * t.HRow;
            for (int u = 0; u < t.Width; u += L.Count)
            {
                V r = Activations<L, V>.Sigmoid(L.Add(L.Load(a + u), L.Load(bias + u)));
                V z = Activations<L, V>.Sigmoid(L.Add(L.Load(a + t.Width + u), L.Load(bias + t.Width + u)));
                V q = L.Add(L.Load(a + (3 * t.Width) + u), L.Load(bias + (3 * t.Width) + u));
                V x = L.Add(L.Load(a + (2 * t.Width) + u), L.Load(bias + (2 * t.Width) + u));
                V n = Activations<L, V>.Tanh(L.MultiplyAdd(r, q, x));
                L.Store(r, a + u);
                L.Store(z, a + t.Width + u);
                L.Store(n, a + (2 * t.Width) + u);
                L.Store(q, a + (3 * t.Width) + u);
                L.Store(L.MultiplyAdd(z, L.Subtract(L.Load(t.PreviousH + state + u), n), n), t.H + state + u);
            }
        }
    }

    /// <summary>
    /// With dh = ∂/∂h from above and from the step after:
    /// <code>
    ///   dₙ = dh ⊙ (1 − z) ⊙ (1 − n²)   d_z = dh ⊙ (h' − n) ⊙ z(1 − z)   d_r = dₙ ⊙ q ⊙ r(1 − r)
    ///   for x: (d_r, d_z, dₙ)          for h: (d_r, d_z, dₙ ⊙ r)         dh' = dh ⊙ z + (for h)·W_hh
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in CellGradientTile t)
    {
        V one = L.Broadcast(1f);
        for (int row = 0; row < t.Rows; row++)
        {
            float* gates = t.Gates + (row * t.GatesRow);
            float* dx = t.DGates + (row * t.DGatesRow);
            float* dr = t.DRecurrentGates + (row * t.DGatesRow);
            nint state = row * t.HRow, dState = row * t.DStateRow;
            for (int u = 0; u < t.Width; u += L.Count)
            {
                V r = L.Load(gates + u), z = L.Load(gates + t.Width + u);
                V n = L.Load(gates + (2 * t.Width) + u), q = L.Load(gates + (3 * t.Width) + u);
                V dh = L.Add(L.Load(t.DOutput + (row * t.DOutputRow) + u), L.Load(t.DH + dState + u));
                V dN = L.Multiply(L.Multiply(dh, L.Subtract(one, z)), L.Subtract(one, L.Multiply(n, n)));
                V dZ = L.Multiply(L.Multiply(dh, L.Subtract(L.Load(t.PreviousH + state + u), n)), L.Multiply(z, L.Subtract(one, z)));
                V dR = L.Multiply(L.Multiply(dN, q), L.Multiply(r, L.Subtract(one, r)));
                L.Store(dR, dx + u);
                L.Store(dZ, dx + t.DGatesStride + u);
                L.Store(dN, dx + (2 * t.DGatesStride) + u);
                L.Store(dR, dr + u);
                L.Store(dZ, dr + t.DGatesStride + u);
                L.Store(L.Multiply(dN, r), dr + (2 * t.DGatesStride) + u);
                L.Store(L.Multiply(dh, z), t.DH + dState + u);
            }
        }
    }
}
