using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>From a network's outputs, one for each class, to an answer.</summary>
internal static class ClassScores
{
    /// <summary>Turns outputs into probabilities.</summary>
    public static unsafe void Softmax(Span<float> outputs)
    {
        fixed (float* y = outputs)
            SoftmaxLoss.Softmax(y, outputs.Length);
    }

    /// <summary>The class with the highest score, of equals the first; −1 if scores are NaN.</summary>
    public static int Likeliest(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]))
                return -1;
            if (scores[i] > scores[best])
                best = i;
        }
        return best;
    }
}
