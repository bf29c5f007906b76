using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Baselines;

/// <summary>The Cholesky factorisation A = L·Lᵀ of a symmetric positive definite matrix, row by row in place, and the solution of A·X = B.</summary>
internal static class Cholesky
{
    // Rows that are factored and vectors of columns that are solved for at a time: as many sums as hide how long an addition takes.
    private const int Rows = 4, Vectors = 4;

    /// <summary>Replaces the lower triangle of A, [n][n], by L; false, and A is lost, if it is not positive definite.</summary>
    public static bool TryFactor(double[][] a)
    {
        Span<double> dots = stackalloc double[Rows];
        for (int i = 0; i < a.Length; i += Rows)
        {
            int rows = Math.Min(Rows, a.Length - i);
            for (int j = 0; j < i; j++)
            {
                Dot(a, i, rows, a[j], j, dots);
                for (int r = 0; r < rows; r++)
                    a[i + r][j] = (a[i + r][j] - dots[r]) / a[j][j];
            }
            for (int row = i; row < i + rows; row++)
                for (int j = i; j <= row; j++)
                {
                    double rest = a[row][j] - Dot(a[row], a[j], j);
                    if (row == j && !(rest > 0))
                        return false;
                    a[row][j] = row == j ? Math.Sqrt(rest) : rest / a[j][j];
                }
        }
        return true;
    }

    /// <summary>Replaces B, [n][columns], by the solution of L·Lᵀ·X = B.</summary>
    public static void Solve(double[][] l, double[][] b)
    {
        double[] factors = new double[l.Length];
        for (int i = 0; i < l.Length; i++)
        {
            for (int j = 0; j < i; j++)
                factors[j] = -l[i][j];
            AddScaled(b[i], b, 0, factors.AsSpan(0, i));
            Scale(b[i], 1 / l[i][i]);
        }
        for (int i = l.Length - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < l.Length; j++)
                factors[j] = -l[j][i];
            AddScaled(b[i], b, i + 1, factors.AsSpan(i + 1));
            Scale(b[i], 1 / l[i][i]);
        }
    }

    /// <summary>to += Σ_j factors[j]·from[first + j], in the order of j.</summary>
    public static void AddScaled(double[] to, double[][] from, int first, ReadOnlySpan<double> factors)
    {
        int width = Vector256<double>.Count, column = 0;
        for (; column + (Vectors * width) <= to.Length; column += Vectors * width)
        {
            Vector256<double> a = Load(to, column), b = Load(to, column + width), c = Load(to, column + (2 * width)), d = Load(to, column + (3 * width));
            for (int j = 0; j < factors.Length; j++)
            {
                var factor = Vector256.Create(factors[j]);
                double[] row = from[first + j];
                a += Load(row, column) * factor;
                b += Load(row, column + width) * factor;
                c += Load(row, column + (2 * width)) * factor;
                d += Load(row, column + (3 * width)) * factor;
            }
            a.CopyTo(to, column);
            b.CopyTo(to, column + width);
            c.CopyTo(to, column + (2 * width));
            d.CopyTo(to, column + (3 * width));
        }
        for (int j = 0; j < factors.Length && column < to.Length; j++)
            AddScaled(to.AsSpan(column), from[first + j].AsSpan(column), factors[j]);
    }

    /// <summary>to += factor·from.</summary>
    public static void AddScaled(Span<double> to, ReadOnlySpan<double> from, double factor)
    {
        Span<Vector<double>> target = MemoryMarshal.Cast<double, Vector<double>>(to);
        ReadOnlySpan<Vector<double>> source = MemoryMarshal.Cast<double, Vector<double>>(from);
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

    private static Vector256<double> Load(double[] values, int start) => Vector256.Create<double>(values.AsSpan(start, Vector256<double>.Count));

    // As the one below, of up to four rows with one.
    private static void Dot(double[][] a, int first, int rows, double[] b, int count, Span<double> dots)
    {
        if (rows < Rows)
        {
            for (int r = 0; r < rows; r++)
                dots[r] = Dot(a[first + r], b, count);
            return;
        }
        double[] p = a[first], q = a[first + 1], s = a[first + 2], t = a[first + 3];
        Vector256<double> ofP = default, ofQ = default, ofS = default, ofT = default;
        int i = 0;
        for (; i + Vector256<double>.Count <= count; i += Vector256<double>.Count)
        {
            Vector256<double> other = Load(b, i);
            ofP += Load(p, i) * other;
            ofQ += Load(q, i) * other;
            ofS += Load(s, i) * other;
            ofT += Load(t, i) * other;
        }
        (dots[0], dots[1], dots[2], dots[3]) = (Vector256.Sum(ofP), Vector256.Sum(ofQ), Vector256.Sum(ofS), Vector256.Sum(ofT));
        for (; i < count; i++)
        {
            dots[0] += p[i] * b[i];
            dots[1] += q[i] * b[i];
            dots[2] += s[i] * b[i];
            dots[3] += t[i] * b[i];
        }
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
