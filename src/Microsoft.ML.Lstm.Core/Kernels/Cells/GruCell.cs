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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(in CellTile t)
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
