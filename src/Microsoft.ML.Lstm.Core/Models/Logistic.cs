using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Models;

/// <summary>From logits to probabilities.</summary>
internal static class Logistic
{
    /// <summary>exp(y) / Σ exp(y), shifted by the largest y so that nothing overflows; NaN where any y is.</summary>
    public static unsafe void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        logits.CopyTo(probabilities);
        fixed (float* y = probabilities)
            SoftmaxLoss.Softmax(y, logits.Length);
    }

    /// <summary>1 / (1 + exp(−y)).</summary>
    public static float Sigmoid(float logit)
    {
        float e = MathF.Exp(-MathF.Abs(logit));
        return logit >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>Place of the largest number, the first of equals; −1 when any is NaN.</summary>
    public static int Largest(ReadOnlySpan<float> logits)
    {
        int place = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]))
                return -1;
            if (logits[i] > logits[place])
                place = i;
        }
        return place;
    }
}
