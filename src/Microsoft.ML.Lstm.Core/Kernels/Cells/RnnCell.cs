using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// The simple RNN's pointwise part: h = φ(x·W_ihᵀ + h'·W_hhᵀ + b), φ the hyperbolic tangent or the rectifier. Nothing is kept but h.
/// </summary>
internal static unsafe class RnnCell<L, V>
    where L : ILanes<V>
    where V : struct
{
    public static void Forward(in CellTile t, bool rectifier)
    {
        int end = rectifier ? 0 : GateActivation<L, V>.WholeRows(t.Rows, t.Width);
        GateActivation<L, V>.Tanh(t.Gates, t.GatesRow, t.Bias, t.BiasRow, t.H, t.HRow, end, t.Width);
        ForwardNarrow(t, end, rectifier);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardNarrow(in CellTile t, int first, bool rectifier)
    {
        for (int row = first; row < t.Rows; row++)
        {
            float* a = t.Gates + (row * t.GatesRow);
            float* bias = t.Bias + (row * t.BiasRow), h = t.H + (row * t.HRow);
            for (int u = 0; u < t.Width; u += L.Count)
            {
                V x = L.Add(L.Load(a + u), L.Load(bias + u));
                // Chosen by comparison: of −0 and 0 processors disagree which is the larger. −0 and NaN stay.
                L.Store(rectifier ? L.IfGreater(L.Zero, x, L.Zero, x) : Activations<L, V>.Tanh(x), h + u);
            }
        }
    }

    /// <summary>d = dh ⊙ (1 − h²) for tanh, dh where h &gt; 0 for the rectifier; dh' = d·W_hh.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in CellGradientTile t, bool rectifier)
    {
        V one = L.Broadcast(1f);
        for (int row = 0; row < t.Rows; row++)
        {
            for (int u = 0; u < t.Width; u += L.Count)
            {
                V h = L.Load(t.H + (row * t.HRow) + u);
                V dh = L.Add(L.Load(t.DOutput + (row * t.DOutputRow) + u), L.Load(t.DH + (row * t.DStateRow) + u));
                V d = rectifier ? L.IfGreater(h, L.Zero, dh, L.Zero) : L.Multiply(dh, L.Subtract(one, L.Multiply(h, h)));
                L.Store(d, t.DGates + (row * t.DGatesRow) + u);
            }
        }
    }
}
