using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The Cholesky factorisation A = L·Lᵀ of a symmetric positive definite matrix, row by row in place, and the solution of A·X = B.</summary>
internal static class Cholesky
{
    /// <summary>Replaces the lower triangle of A, [n][n], by L; false, and A is lost, if it is not positive definite.</summary>
    public static bool TryFactor(double[][] a)
    {
        for (int i = 0; i < a.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = a[i][j] - Dot(a[i], a[j], j);
                if (i == j && !(rest > 0))
                    return false;
                a[i][j] = i == j ? Math.Sqrt(rest) : rest / a[j][j];
            }
        }
        return true;
    }

    /// <summary>Replaces B, [n][columns], by the solution of L·Lᵀ·X = B.</summary>
    public static void Solve(double[][] l, double[][] b)
    {
        for (int i = 0; i < l.Length; i++)
        {
            for (int j = 0; j < i; j++)
                AddScaled(b[i], b[j], -l[i][j]);
            Scale(b[i], 1 / l[i][i]);
        }
        for (int i = l.Length - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < l.Length; j++)
                AddScaled(b[i], b[j], -l[j][i]);
            Scale(b[i], 1 / l[i][i]);
        }
    }

    /// <summary>to += factor·from.</summary>
    public static void AddScaled(double[] to, double[] from, double factor)
    {
        Span<Vector<double>> target = MemoryMarshal.Cast<double, Vector<double>>(to.AsSpan());
        ReadOnlySpan<Vector<double>> source = MemoryMarshal.Cast<double, Vector<double>>(from.AsSpan());
        for (int i = 0; i < target.Length; i++)
            target[i] += source[i] * factor;
        for (int i = target.Length * Vector<double>.Count; i < to.Length; i++)
            to[i] += from[i] * factor;
    }

    private static void Scale(double[] values, double factor)
    {
        foreach (ref double value in values.AsSpan())
            value *= factor;
    }

    // Four chains on every machine, so that the bits do not depend on the width of its vectors.
    private static double Dot(double[] a, double[] b, int count)
    {
        Vector256<double> sum = default;
        int i = 0;
        for (; i + Vector256<double>.Count <= count; i += Vector256<double>.Count)
            sum += Vector256.LoadUnsafe(ref a[i]) * Vector256.LoadUnsafe(ref b[i]);
        double total = Vector256.Sum(sum);
        for (; i < count; i++)
            total += a[i] * b[i];
        return total;
    }
}
