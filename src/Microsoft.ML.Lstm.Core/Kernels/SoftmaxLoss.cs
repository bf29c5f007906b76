using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// Softmax and its cross-entropy, fused: p = e^{y − max y} / Σ. Shifting by the maximum keeps every exponent at or below 0, so nothing
/// overflows. Sums run in 16 chains whatever the machine, so their bits do not depend on it.
/// </summary>
internal static unsafe class SoftmaxLoss
{
    /// <summary>y ← softmax(y).</summary>
    public static void Softmax(float* y, int count)
    {
        _ = Exponentials(y, count, out float sum);
        RowMath.Scale(y, 1 / sum, count);
    }

    /// <summary>
    /// Cross-entropy −Σ tⱼ log pⱼ of one row with t = (1 − ε)·[j = target] + ε / count. With <paramref name="gradient"/>, y becomes
    /// scale·(p − t); otherwise y is left in no useful state.
    /// </summary>
    public static double CrossEntropy(float* y, int count, int target, float smoothing, float scale, bool gradient)
    {
        float targetLogit = y[target];
        double sumOfLogits = smoothing > 0 ? SumInDouble(y, count) : 0;
        float max = Exponentials(y, count, out float sum);
        double logSum = Math.Log(sum) + max;
        double loss = ((1 - smoothing) * (logSum - targetLogit)) + (smoothing > 0 ? smoothing * (logSum - (sumOfLogits / count)) : 0);
        if (gradient)
        {
            RowMath.Scale(y, scale / sum, count);
            if (smoothing > 0)
                RowMath.AddConstant(y, -scale * smoothing / count, count);
            y[target] -= scale * (1 - smoothing);
        }
        return loss;
    }

    /// <summary>y ← e^{y − max y}; returns the maximum.</summary>
    private static float Exponentials(float* y, int count, out float sum)
    {
        float max;
        if (Vector512.IsHardwareAccelerated)
            max = Exponentials<Lanes512, Vector512<float>>(y, count, out sum);
        else if (Vector256.IsHardwareAccelerated)
            max = Exponentials<Lanes256, Vector256<float>>(y, count, out sum);
        else
            max = Exponentials<Lanes128, Vector128<float>>(y, count, out sum);
        return max;
    }

    private static float Exponentials<L, V>(float* y, int count, out float sum)
        where L : ILanes<V>
        where V : struct
    {
        float max = Max<L, V>(y, count);
        ShiftedExp<L, V>(y, count, max);
        sum = RowMath.Sum(y, count);
        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShiftedExp<L, V>(float* y, int count, float max)
        where L : ILanes<V>
        where V : struct
    {
        V shift = L.Broadcast(max);
        int n = L.Count, j = 0;
        for (; j + (4 * n) <= count; j += 4 * n)
        {
            float* p = y + j;
            V x0 = L.Subtract(L.Load(p), shift), x1 = L.Subtract(L.Load(p + n), shift);
            V x2 = L.Subtract(L.Load(p + (2 * n)), shift), x3 = L.Subtract(L.Load(p + (3 * n)), shift);
            GateActivation<L, V>.Exp(ref x0, ref x1, ref x2, ref x3);
            L.Store(x0, p);
            L.Store(x1, p + n);
            L.Store(x2, p + (2 * n));
            L.Store(x3, p + (3 * n));
        }
        for (; j + n <= count; j += n)
            L.Store(Activations<L, V>.Exp(L.Subtract(L.Load(y + j), shift)), y + j);
        float* rest = stackalloc float[n];
        new Span<float>(y + j, count - j).CopyTo(new Span<float>(rest, n));
        L.Store(Activations<L, V>.Exp(L.Subtract(L.Load(rest), shift)), rest);
        new Span<float>(rest, count - j).CopyTo(new Span<float>(y + j, count - j));
    }

    // A NaN may be passed over here: its own exponential is NaN, and with that the sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Max<L, V>(float* y, int count)
        where L : ILanes<V>
        where V : struct
    {
        V m0 = L.Broadcast(float.NegativeInfinity), m1 = m0, m2 = m0, m3 = m0;
        int n = L.Count, j = 0;
        for (; j + (4 * n) <= count; j += 4 * n)
        {
            (m0, m1) = (L.Max(L.Load(y + j), m0), L.Max(L.Load(y + j + n), m1));
            (m2, m3) = (L.Max(L.Load(y + j + (2 * n)), m2), L.Max(L.Load(y + j + (3 * n)), m3));
        }
        float* lanes = stackalloc float[n];
        L.Store(L.Max(L.Max(m0, m1), L.Max(m2, m3)), lanes);
        float max = float.NegativeInfinity;
        for (int i = 0; i < n; i++)
            max = Math.Max(max, lanes[i]);
        for (; j < count; j++)
            max = Math.Max(max, y[j]);
        return max;
    }

    private static double SumInDouble(float* y, int count)
    {
        double sum = 0;
        for (int j = 0; j < count; j++)
            sum += y[j];
        return sum;
    }
}
