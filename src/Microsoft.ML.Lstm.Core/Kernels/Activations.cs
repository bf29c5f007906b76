using System.Runtime.CompilerServices;
using static Microsoft.ML.Lstm.Kernels.ActivationConstants;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// exp, the logistic function and tanh on vectors, within a few units in the last place of the exact value over the range where the
/// result is a normal float. NaN gives NaN.
/// </summary>
internal static class Activations<L, V>
    where L : ILanes<V>
    where V : struct
{
    /// <summary>
    /// eˣ = 2ⁿ·eʳ with n = round(x / ln 2), |r| ≤ ½ ln 2 reduced in two pieces (Cody and Waite), and the polynomial of Cephes' expf for eʳ.
    /// Adding 1.5·2²³ + 127 rounds to an integer and leaves n + 127, the exponent field of 2ⁿ, in the low bits. Inputs are clamped to
    /// ±87.3, where eˣ leaves the normal range.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        V rounder = L.Broadcast(ExpRounder);
        x = L.Max(L.Broadcast(-ExpLimit), L.Min(L.Broadcast(ExpLimit), x));
        V shifted = L.MultiplyAdd(x, L.Broadcast(ExpPerLog2), rounder);
        V n = L.Subtract(shifted, rounder);
        V r = L.MultiplyAdd(n, L.Broadcast(ExpLog2High), x);
        r = L.MultiplyAdd(n, L.Broadcast(ExpLog2Low), r);
        V p = L.Broadcast(Exp7);
        p = L.MultiplyAdd(p, r, L.Broadcast(Exp6));
        p = L.MultiplyAdd(p, r, L.Broadcast(Exp5));
        p = L.MultiplyAdd(p, r, L.Broadcast(Exp4));
        p = L.MultiplyAdd(p, r, L.Broadcast(Exp3));
        p = L.MultiplyAdd(p, r, L.Broadcast(Exp2));
        p = L.MultiplyAdd(p, L.Multiply(r, r), r);
        return L.Multiply(L.Add(p, L.Broadcast(1f)), L.ExponentFromLowBits(shifted));
    }

    /// <summary>σ(x) = 1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid(V x)
    {
        V one = L.Broadcast(1f);
        return L.Divide(one, L.Add(one, Exp(L.Subtract(L.Zero, x))));
    }

    /// <summary>
    /// tanh as the odd rational function of degrees 13 and 6 that Eigen uses: exact to a few ulp down to 0, where 1 − 2/(e²ˣ + 1) is not.
    /// Beyond ±7.9 it rounds to ±1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        V limit = L.Broadcast(TanhLimit);
        x = L.Max(L.Subtract(L.Zero, limit), L.Min(limit, x));
        V s = L.Multiply(x, x);
        V p = L.Broadcast(TanhP13);
        p = L.MultiplyAdd(p, s, L.Broadcast(TanhP11));
        p = L.MultiplyAdd(p, s, L.Broadcast(TanhP9));
        p = L.MultiplyAdd(p, s, L.Broadcast(TanhP7));
        p = L.MultiplyAdd(p, s, L.Broadcast(TanhP5));
        p = L.MultiplyAdd(p, s, L.Broadcast(TanhP3));
        p = L.MultiplyAdd(p, s, L.Broadcast(TanhP1));
        V q = L.Broadcast(TanhQ6);
        q = L.MultiplyAdd(q, s, L.Broadcast(TanhQ4));
        q = L.MultiplyAdd(q, s, L.Broadcast(TanhQ2));
        q = L.MultiplyAdd(q, s, L.Broadcast(TanhQ0));
        return L.Divide(L.Multiply(x, p), q);
    }
}
