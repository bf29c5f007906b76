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

    /// <summary>a = max(0, a); NaN stays NaN.</summary>
    public static void Rectify(float* a, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
        {
            Vector<float> x = Vector.Load(a + i);
            Vector.Store(Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x), a + i);
        }
        for (; i < count; i++)
            a[i] = a[i] < 0 ? 0 : a[i];
    }

    /// <summary>to = 0 where a is.</summary>
    public static void ZeroWhereZero(float* a, float* to, int count)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
        {
            Vector<int> zero = Vector.Equals(Vector.Load(a + i), Vector<float>.Zero);
            Vector.Store(Vector.ConditionalSelect(zero, Vector<float>.Zero, Vector.Load(to + i)), to + i);
        }
        for (; i < count; i++)
            to[i] = a[i] == 0 ? 0 : to[i];
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

    /// <summary>to[j] += Σ over rows of a[row, j], rows in order. Four rows are read side by side, as they lie in memory.</summary>
    public static void AddColumnSums(float* a, nint aRow, int rows, float* to, int count)
    {
        int n = Vector<float>.Count, row = 0;
        for (; row + 4 <= rows; row += 4)
        {
            float* a0 = a + (row * aRow), a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
            int j = 0;
            for (; j + n <= count; j += n)
                Vector.Store(Vector.Load(to + j) + Vector.Load(a0 + j) + Vector.Load(a1 + j) + Vector.Load(a2 + j) + Vector.Load(a3 + j), to + j);
            for (; j < count; j++)
                to[j] = to[j] + a0[j] + a1[j] + a2[j] + a3[j];
        }
        for (; row < rows; row++)
            Add(a + (row * aRow), to, count);
    }

    /// <summary>Σ a², in the order of <see cref="SquareSum"/>.</summary>
    public static double SumOfSquares(float* a, int count)
    {
        var sum = new SquareSum();
        sum.Add(a, count);
        return sum.Total();
    }
}
