using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// Layer normalisation of one row (Ba, Kiros and Hinton 2016): n = (x − mean) / √(variance + 10⁻⁵). Sums run in double in 16 chains, whatever the
/// machine, so their bits do not depend on it.
/// </summary>
internal static unsafe class Normalization
{
    private const double Epsilon = 1e-5;

    /// <summary>x ← n; returns 1 / √(variance + ε), which the backward pass needs.</summary>
    public static float Forward(float* x, int count)
    {
        double mean = Sum(x, count) / count, reciprocal = 1 / Math.Sqrt((SumOfSquares(x, mean, count) / count) + Epsilon);
        int j = 0;
        for (; j + 16 <= count; j += 16)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.Load(x + j));
            Vector512.Narrow((low - Vector512.Create(mean)) * reciprocal, (high - Vector512.Create(mean)) * reciprocal).Store(x + j);
        }
        for (; j < count; j++)
            x[j] = (float)((x[j] - mean) * reciprocal);
        return (float)reciprocal;
    }

    /// <summary>dx = (d − mean(d) − n · mean(d ⊙ n)) / √(variance + ε) with d = dn: the gradient through <see cref="Forward"/>.</summary>
    public static void Backward(float* dn, float* n, float reciprocal, float* dx, int count)
    {
        double mean = Sum(dn, count) / count, slope = SumOfProducts(dn, n, count) / count;
        int j = 0;
        for (; j + 16 <= count; j += 16)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.Load(dn + j));
            (Vector512<double> nLow, Vector512<double> nHigh) = Vector512.Widen(Vector512.Load(n + j));
            low = (low - Vector512.Create(mean) - (nLow * slope)) * reciprocal;
            high = (high - Vector512.Create(mean) - (nHigh * slope)) * reciprocal;
            Vector512.Narrow(low, high).Store(dx + j);
        }
        for (; j < count; j++)
            dx[j] = (float)((dn[j] - mean - (n[j] * slope)) * reciprocal);
    }

    private static double Sum(float* x, int count)
    {
        Vector512<double> low = default, high = default;
        int j = 0;
        for (; j + 16 <= count; j += 16)
        {
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.Load(x + j));
            (low, high) = (low + a, high + b);
        }
        double sum = Lanes(low + high);
        for (; j < count; j++)
            sum += x[j];
        return sum;
    }

    private static double SumOfSquares(float* x, double mean, int count)
    {
        Vector512<double> low = default, high = default;
        int j = 0;
        for (; j + 16 <= count; j += 16)
        {
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.Load(x + j));
            (a, b) = (a - Vector512.Create(mean), b - Vector512.Create(mean));
            (low, high) = (low + (a * a), high + (b * b));
        }
        double sum = Lanes(low + high);
        for (; j < count; j++)
            sum += (x[j] - mean) * (x[j] - mean);
        return sum;
    }

    private static double SumOfProducts(float* x, float* y, int count)
    {
        Vector512<double> low = default, high = default;
        int j = 0;
        for (; j + 16 <= count; j += 16)
        {
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.Load(x + j));
            (Vector512<double> c, Vector512<double> d) = Vector512.Widen(Vector512.Load(y + j));
            (low, high) = (low + (a * c), high + (b * d));
        }
        double sum = Lanes(low + high);
        for (; j < count; j++)
            sum += (double)x[j] * y[j];
        return sum;
    }

    private static double Lanes(Vector512<double> lanes)
    {
        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
            sum += lanes[lane];
        return sum;
    }
}
