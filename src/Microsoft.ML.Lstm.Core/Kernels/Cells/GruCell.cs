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
        if (t.Width < GateActivation<L, V>.LeastWidth)
        {
            ForwardNarrow(t);
            return;
        }
        for (int row = 0; row < t.Rows; row += GateActivation<L, V>.RowBlock)
        {
            int rows = Math.Min(GateActivation<L, V>.RowBlock, t.Rows - row);
            float* a = t.Gates + (row * t.GatesRow);
            GateActivation<L, V>.Sigmoid(a, t.GatesRow, t.Bias, rows, 2 * t.Width);
            UpdateState(a, t.GatesRow, t.Bias, t.PreviousH + (row * t.HRow), t.H + (row * t.HRow), t.HRow, rows, t.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateState(float* a, nint aRow, float* bias, float* previousH, float* h, nint hRow, int rows, int width)
    {
        int n = L.Count;
        for (; rows > 0; rows--, a += aRow, previousH += hRow, h += hRow)
        {
            for (int u = 0; u < width; u += 4 * n)
            {
                V n0 = Candidate(a + u, bias + u, width), n1 = Candidate(a + u + n, bias + u + n, width);
                V n2 = Candidate(a + u + (2 * n), bias + u + (2 * n), width), n3 = Candidate(a + u + (3 * n), bias + u + (3 * n), width);
                GateActivation<L, V>.Tanh(ref n0, ref n1, ref n2, ref n3);
                Mix(n0, a + u, width, previousH + u, h + u);
                Mix(n1, a + u + n, width, previousH + u + n, h + u + n);
                Mix(n2, a + u + (2 * n), width, previousH + u + (2 * n), h + u + (2 * n));
                Mix(n3, a + u + (3 * n), width, previousH + u + (3 * n), h + u + (3 * n));
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
    private static void ForwardNarrow(in CellTile t)
    {
        for (int row = 0; row < t.Rows; row++)
        {
            float* a = t.Gates + (row * t.GatesRow);
            nint state = row * t.HRow;
            for (int u = 0; u < t.Width; u += L.Count)
            {
                V r = Activations<L, V>.Sigmoid(L.Add(L.Load(a + u), L.Load(t.Bias + u)));
                V z = Activations<L, V>.Sigmoid(L.Add(L.Load(a + t.Width + u), L.Load(t.Bias + t.Width + u)));
                V q = L.Add(L.Load(a + (3 * t.Width) + u), L.Load(t.Bias + (3 * t.Width) + u));
                V x = L.Add(L.Load(a + (2 * t.Width) + u), L.Load(t.Bias + (2 * t.Width) + u));
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
