using System.Numerics;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Elementwise work on rows of a matrix and sums down its columns. Bits do not depend on the vector width: each element is one chain.</summary>
internal static unsafe class RowMath
{
    /// <summary>to = a ⊙ b.</summary>
    public static void Multiply(float* a, float* b, float* to, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
            Vector.Store(Vector.Load(a + i) * Vector.Load(b + i), to + i);
        for (; i < count; i++)
            to[i] = a[i] * b[i];
    }

    /// <summary>to += a ⊙ b, in two roundings.</summary>
    public static void AddProduct(float* a, float* b, float* to, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
            Vector.Store(Vector.Load(to + i) + (Vector.Load(a + i) * Vector.Load(b + i)), to + i);
        for (; i < count; i++)
        {
            float product = a[i] * b[i];
            to[i] += product;
        }
    }

    /// <summary>to += a.</summary>
    public static void Add(float* a, float* to, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
            Vector.Store(Vector.Load(to + i) + Vector.Load(a + i), to + i);
        for (; i < count; i++)
            to[i] += a[i];
    }

    /// <summary>a *= factor.</summary>
    public static void Scale(float* a, float factor, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
            Vector.Store(Vector.Load(a + i) * factor, a + i);
        for (; i < count; i++)
            a[i] *= factor;
    }

    /// <summary>a += value.</summary>
    public static void AddConstant(float* a, float value, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
            Vector.Store(Vector.Load(a + i) + new Vector<float>(value), a + i);
        for (; i < count; i++)
            a[i] += value;
    }

    /// <summary>Σ a in 16 chains.</summary>
    public static float Sum(float* a, int count)
    {
        Vector512<float> lanes = default;
        int i = 0;
        for (; i + 16 <= count; i += 16)
            lanes += Vector512.Load(a + i);
        float sum = 0;
        for (int lane = 0; lane < 16; lane++)
            sum += lanes[lane];
        for (; i < count; i++)
            sum += a[i];
        return sum;
    }

    /// <summary>a = min(max(a, −limit), limit).</summary>
    public static void Clamp(float* a, float limit, int count)
    {
        for (int i = 0; i < count; i++)
            a[i] = float.Clamp(a[i], -limit, limit);
    }

    /// <summary>Copies rows between strides.</summary>
    public static void CopyRows(float* from, nint fromRow, float* to, nint toRow, int rows, int count)
    {
        for (int r = 0; r < rows; r++)
            new ReadOnlySpan<float>(from + (r * fromRow), count).CopyTo(new Span<float>(to + (r * toRow), count));
    }

    /// <summary>to[j] += Σ over rows of a[row, j], rows in order.</summary>
    public static void AddColumnSums(float* a, nint aRow, int rows, float* to, int count)
    {
        int j = 0, n = Vector<float>.Count;
        for (; j + (4 * n) <= count; j += 4 * n)
        {
            Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
            float* p = a + j;
            for (int r = 0; r < rows; r++, p += aRow)
            {
                s0 += Vector.Load(p);
                s1 += Vector.Load(p + n);
                s2 += Vector.Load(p + (2 * n));
                s3 += Vector.Load(p + (3 * n));
            }
            Vector.Store(Vector.Load(to + j) + s0, to + j);
            Vector.Store(Vector.Load(to + j + n) + s1, to + j + n);
            Vector.Store(Vector.Load(to + j + (2 * n)) + s2, to + j + (2 * n));
            Vector.Store(Vector.Load(to + j + (3 * n)) + s3, to + j + (3 * n));
        }
        for (; j < count; j++)
        {
            float sum = 0;
            for (int r = 0; r < rows; r++)
                sum += a[(r * aRow) + j];
            to[j] += sum;
        }
    }

    /// <summary>Σ a², in double, in an order that depends on <paramref name="count"/> alone.</summary>
    public static double SumOfSquares(float* a, int count)
    {
        // Eight chains, whatever the machine's width: four pairs of doubles.
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            s0 += (double)a[i] * a[i];
            s1 += (double)a[i + 1] * a[i + 1];
            s2 += (double)a[i + 2] * a[i + 2];
            s3 += (double)a[i + 3] * a[i + 3];
            s4 += (double)a[i + 4] * a[i + 4];
            s5 += (double)a[i + 5] * a[i + 5];
            s6 += (double)a[i + 6] * a[i + 6];
            s7 += (double)a[i + 7] * a[i + 7];
        }
        for (; i < count; i++)
            s0 += (double)a[i] * a[i];
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }
}
