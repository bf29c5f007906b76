using System.Runtime.CompilerServices;

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
        V rounder = L.Broadcast(12582912f + 127f);
        x = L.Max(L.Broadcast(-87.3f), L.Min(L.Broadcast(87.3f), x));
        V shifted = L.MultiplyAdd(x, L.Broadcast(1.44269504f), rounder);
        V n = L.Subtract(shifted, rounder);
        V r = L.MultiplyAdd(n, L.Broadcast(-0.693359375f), x);
        r = L.MultiplyAdd(n, L.Broadcast(2.12194440e-4f), r);
        V p = L.Broadcast(1.9875691500e-4f);
        p = L.MultiplyAdd(p, r, L.Broadcast(1.3981999507e-3f));
        p = L.MultiplyAdd(p, r, L.Broadcast(8.3334519073e-3f));
        p = L.MultiplyAdd(p, r, L.Broadcast(4.1665795894e-2f));
        p = L.MultiplyAdd(p, r, L.Broadcast(1.6666665459e-1f));
        p = L.MultiplyAdd(p, r, L.Broadcast(5.0000001201e-1f));
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
        V limit = L.Broadcast(7.90531110763549805f);
        x = L.Max(L.Subtract(L.Zero, limit), L.Min(limit, x));
        V s = L.Multiply(x, x);
        V p = L.Broadcast(-2.76076847742355e-16f);
        p = L.MultiplyAdd(p, s, L.Broadcast(2.00018790482477e-13f));
        p = L.MultiplyAdd(p, s, L.Broadcast(-8.60467152213735e-11f));
        p = L.MultiplyAdd(p, s, L.Broadcast(5.12229709037114e-08f));
        p = L.MultiplyAdd(p, s, L.Broadcast(1.48572235717979e-05f));
        p = L.MultiplyAdd(p, s, L.Broadcast(6.37261928875436e-04f));
        p = L.MultiplyAdd(p, s, L.Broadcast(4.89352455891786e-03f));
        V q = L.Broadcast(1.19825839466702e-06f);
        q = L.MultiplyAdd(q, s, L.Broadcast(1.18534705686654e-04f));
        q = L.MultiplyAdd(q, s, L.Broadcast(2.26843463243900e-03f));
        q = L.MultiplyAdd(q, s, L.Broadcast(4.89352518554385e-03f));
        return L.Divide(L.Multiply(x, p), q);
    }
}
