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
        float max = Max(y, count);
        if (Vector512.IsHardwareAccelerated)
            sum = ShiftedExp<Lanes512, Vector512<float>>(y, count, max);
        else if (Vector256.IsHardwareAccelerated)
            sum = ShiftedExp<Lanes256, Vector256<float>>(y, count, max);
        else
            sum = ShiftedExp<Lanes128, Vector128<float>>(y, count, max);
        return max;
    }

    private static float ShiftedExp<L, V>(float* y, int count, float max)
        where L : ILanes<V>
        where V : struct
    {
        V shift = L.Broadcast(max);
        int j = 0;
        for (; j + L.Count <= count; j += L.Count)
            L.Store(Activations<L, V>.Exp(L.Subtract(L.Load(y + j), shift)), y + j);
        float* rest = stackalloc float[L.Count];
        new Span<float>(y + j, count - j).CopyTo(new Span<float>(rest, L.Count));
        L.Store(Activations<L, V>.Exp(L.Subtract(L.Load(rest), shift)), rest);
        new Span<float>(rest, count - j).CopyTo(new Span<float>(y + j, count - j));
        return RowMath.Sum(y, count);
    }

    private static float Max(float* y, int count)
    {
        Vector512<float> lanes = Vector512.Create(float.NegativeInfinity);
        int j = 0;
        for (; j + 16 <= count; j += 16)
            lanes = Vector512.Max(lanes, Vector512.Load(y + j));
        float max = float.NegativeInfinity;
        for (int i = 0; i < 16; i++)
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
