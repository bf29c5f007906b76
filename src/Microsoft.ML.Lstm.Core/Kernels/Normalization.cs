namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// Layer normalisation of one row (Ba, Kiros and Hinton 2016): n = (x − mean) / √(variance + 10⁻⁵), sums in double, in order.
/// </summary>
internal static unsafe class Normalization
{
    private const double Epsilon = 1e-5;

    /// <summary>x ← n; returns 1 / √(variance + ε), which the backward pass needs.</summary>
    public static float Forward(float* x, int count)
    {
        double sum = 0, squares = 0;
        for (int j = 0; j < count; j++)
            sum += x[j];
        double mean = sum / count;
        for (int j = 0; j < count; j++)
            squares += (x[j] - mean) * (x[j] - mean);
        double reciprocal = 1 / Math.Sqrt((squares / count) + Epsilon);
        for (int j = 0; j < count; j++)
            x[j] = (float)((x[j] - mean) * reciprocal);
        return (float)reciprocal;
    }

    /// <summary>dx = (d − mean(d) − n · mean(d ⊙ n)) / √(variance + ε) with d = dn: the gradient through <see cref="Forward"/>.</summary>
    public static void Backward(float* dn, float* n, float reciprocal, float* dx, int count)
    {
        double sum = 0, product = 0;
        for (int j = 0; j < count; j++)
        {
            sum += dn[j];
            product += (double)dn[j] * n[j];
        }
        double mean = sum / count, slope = product / count;
        for (int j = 0; j < count; j++)
            dx[j] = (float)((dn[j] - mean - (n[j] * slope)) * reciprocal);
    }
}
