using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>The tile for 16 vector registers, and those for the rows that tall tiles leave.</summary>
internal static unsafe partial class MicroKernel<L, V>
{
    /// <summary>8 rows × 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow, bool accumulate)
    {
        int n = L.Count;
        V c0_0 = L.Zero, c0_1 = L.Zero;
        V c1_0 = L.Zero, c1_1 = L.Zero;
        V c2_0 = L.Zero, c2_1 = L.Zero;
        V c3_0 = L.Zero, c3_1 = L.Zero;
        V c4_0 = L.Zero, c4_1 = L.Zero;
        V c5_0 = L.Zero, c5_1 = L.Zero;
        V c6_0 = L.Zero, c6_1 = L.Zero;
        V c7_0 = L.Zero, c7_1 = L.Zero;
        if (accumulate)
        {
            (c0_0, c0_1) = (L.Load(c), L.Load(c + n));
            (c1_0, c1_1) = (L.Load(c + cRow), L.Load(c + cRow + n));
            (c2_0, c2_1) = (L.Load(c + 2 * cRow), L.Load(c + 2 * cRow + n));
            (c3_0, c3_1) = (L.Load(c + 3 * cRow), L.Load(c + 3 * cRow + n));
            (c4_0, c4_1) = (L.Load(c + 4 * cRow), L.Load(c + 4 * cRow + n));
            (c5_0, c5_1) = (L.Load(c + 5 * cRow), L.Load(c + 5 * cRow + n));
            (c6_0, c6_1) = (L.Load(c + 6 * cRow), L.Load(c + 6 * cRow + n));
            (c7_0, c7_1) = (L.Load(c + 7 * cRow), L.Load(c + 7 * cRow + n));
        }
        nint aRow2 = 2 * aRow;
        float* a3 = a + 3 * aRow;
        float* a6 = a + 6 * aRow;
        for (; depth > 0; depth--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + n);
            V x = L.Broadcast(*a);
            (c0_0, c0_1) = (L.MultiplyAdd(x, b0, c0_0), L.MultiplyAdd(x, b1, c0_1));
            x = L.Broadcast(a[aRow]);
            (c1_0, c1_1) = (L.MultiplyAdd(x, b0, c1_0), L.MultiplyAdd(x, b1, c1_1));
            x = L.Broadcast(a[aRow2]);
            (c2_0, c2_1) = (L.MultiplyAdd(x, b0, c2_0), L.MultiplyAdd(x, b1, c2_1));
            x = L.Broadcast(*a3);
            (c3_0, c3_1) = (L.MultiplyAdd(x, b0, c3_0), L.MultiplyAdd(x, b1, c3_1));
            x = L.Broadcast(a3[aRow]);
            (c4_0, c4_1) = (L.MultiplyAdd(x, b0, c4_0), L.MultiplyAdd(x, b1, c4_1));
            x = L.Broadcast(a3[aRow2]);
            (c5_0, c5_1) = (L.MultiplyAdd(x, b0, c5_0), L.MultiplyAdd(x, b1, c5_1));
            x = L.Broadcast(*a6);
            (c6_0, c6_1) = (L.MultiplyAdd(x, b0, c6_0), L.MultiplyAdd(x, b1, c6_1));
            x = L.Broadcast(a6[aRow]);
            (c7_0, c7_1) = (L.MultiplyAdd(x, b0, c7_0), L.MultiplyAdd(x, b1, c7_1));
            a += aStep;
            a3 += aStep;
            a6 += aStep;
            FetchAhead(b);
            b += bStep;
        }
        L.Store(c0_0, c);
        L.Store(c0_1, c + n);
        L.Store(c1_0, c + cRow);
        L.Store(c1_1, c + cRow + n);
        L.Store(c2_0, c + 2 * cRow);
        L.Store(c2_1, c + 2 * cRow + n);
        L.Store(c3_0, c + 3 * cRow);
        L.Store(c3_1, c + 3 * cRow + n);
        L.Store(c4_0, c + 4 * cRow);
        L.Store(c4_1, c + 4 * cRow + n);
        L.Store(c5_0, c + 5 * cRow);
        L.Store(c5_1, c + 5 * cRow + n);
        L.Store(c6_0, c + 6 * cRow);
        L.Store(c6_1, c + 6 * cRow + n);
        L.Store(c7_0, c + 7 * cRow);
        L.Store(c7_1, c + 7 * cRow + n);
    }

    /// <summary>6 rows × 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6(float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow, bool accumulate)
    {
        int n = L.Count;
        V c0_0 = L.Zero, c0_1 = L.Zero;
        V c1_0 = L.Zero, c1_1 = L.Zero;
        V c2_0 = L.Zero, c2_1 = L.Zero;
        V c3_0 = L.Zero, c3_1 = L.Zero;
        V c4_0 = L.Zero, c4_1 = L.Zero;
        V c5_0 = L.Zero, c5_1 = L.Zero;
        if (accumulate)
        {
            (c0_0, c0_1) = (L.Load(c), L.Load(c + n));
            (c1_0, c1_1) = (L.Load(c + cRow), L.Load(c + cRow + n));
            (c2_0, c2_1) = (L.Load(c + 2 * cRow), L.Load(c + 2 * cRow + n));
            (c3_0, c3_1) = (L.Load(c + 3 * cRow), L.Load(c + 3 * cRow + n));
            (c4_0, c4_1) = (L.Load(c + 4 * cRow), L.Load(c + 4 * cRow + n));
            (c5_0, c5_1) = (L.Load(c + 5 * cRow), L.Load(c + 5 * cRow + n));
        }
        nint aRow2 = 2 * aRow;
        float* a3 = a + 3 * aRow;
        for (; depth > 0; depth--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + n);
            V x = L.Broadcast(*a);
            (c0_0, c0_1) = (L.MultiplyAdd(x, b0, c0_0), L.MultiplyAdd(x, b1, c0_1));
            x = L.Broadcast(a[aRow]);
            (c1_0, c1_1) = (L.MultiplyAdd(x, b0, c1_0), L.MultiplyAdd(x, b1, c1_1));
            x = L.Broadcast(a[aRow2]);
            (c2_0, c2_1) = (L.MultiplyAdd(x, b0, c2_0), L.MultiplyAdd(x, b1, c2_1));
            x = L.Broadcast(*a3);
            (c3_0, c3_1) = (L.MultiplyAdd(x, b0, c3_0), L.MultiplyAdd(x, b1, c3_1));
            x = L.Broadcast(a3[aRow]);
            (c4_0, c4_1) = (L.MultiplyAdd(x, b0, c4_0), L.MultiplyAdd(x, b1, c4_1));
            x = L.Broadcast(a3[aRow2]);
            (c5_0, c5_1) = (L.MultiplyAdd(x, b0, c5_0), L.MultiplyAdd(x, b1, c5_1));
            a += aStep;
            a3 += aStep;
            FetchAhead(b);
            b += bStep;
        }
        L.Store(c0_0, c);
        L.Store(c0_1, c + n);
        L.Store(c1_0, c + cRow);
        L.Store(c1_1, c + cRow + n);
        L.Store(c2_0, c + 2 * cRow);
        L.Store(c2_1, c + 2 * cRow + n);
        L.Store(c3_0, c + 3 * cRow);
        L.Store(c3_1, c + 3 * cRow + n);
        L.Store(c4_0, c + 4 * cRow);
        L.Store(c4_1, c + 4 * cRow + n);
        L.Store(c5_0, c + 5 * cRow);
        L.Store(c5_1, c + 5 * cRow + n);
    }

    /// <summary>4 rows × 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow, bool accumulate)
    {
        int n = L.Count;
        V c0_0 = L.Zero, c0_1 = L.Zero;
        V c1_0 = L.Zero, c1_1 = L.Zero;
        V c2_0 = L.Zero, c2_1 = L.Zero;
        V c3_0 = L.Zero, c3_1 = L.Zero;
        if (accumulate)
        {
            (c0_0, c0_1) = (L.Load(c), L.Load(c + n));
            (c1_0, c1_1) = (L.Load(c + cRow), L.Load(c + cRow + n));
            (c2_0, c2_1) = (L.Load(c + 2 * cRow), L.Load(c + 2 * cRow + n));
            (c3_0, c3_1) = (L.Load(c + 3 * cRow), L.Load(c + 3 * cRow + n));
        }
        nint aRow2 = 2 * aRow;
        float* a3 = a + 3 * aRow;
        for (; depth > 0; depth--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + n);
            V x = L.Broadcast(*a);
            (c0_0, c0_1) = (L.MultiplyAdd(x, b0, c0_0), L.MultiplyAdd(x, b1, c0_1));
            x = L.Broadcast(a[aRow]);
            (c1_0, c1_1) = (L.MultiplyAdd(x, b0, c1_0), L.MultiplyAdd(x, b1, c1_1));
            x = L.Broadcast(a[aRow2]);
            (c2_0, c2_1) = (L.MultiplyAdd(x, b0, c2_0), L.MultiplyAdd(x, b1, c2_1));
            x = L.Broadcast(*a3);
            (c3_0, c3_1) = (L.MultiplyAdd(x, b0, c3_0), L.MultiplyAdd(x, b1, c3_1));
            a += aStep;
            a3 += aStep;
            FetchAhead(b);
            b += bStep;
        }
        L.Store(c0_0, c);
        L.Store(c0_1, c + n);
        L.Store(c1_0, c + cRow);
        L.Store(c1_1, c + cRow + n);
        L.Store(c2_0, c + 2 * cRow);
        L.Store(c2_1, c + 2 * cRow + n);
        L.Store(c3_0, c + 3 * cRow);
        L.Store(c3_1, c + 3 * cRow + n);
    }

    /// <summary>2 rows × 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2(float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow, bool accumulate)
    {
        int n = L.Count;
        V c0_0 = L.Zero, c0_1 = L.Zero;
        V c1_0 = L.Zero, c1_1 = L.Zero;
        if (accumulate)
        {
            (c0_0, c0_1) = (L.Load(c), L.Load(c + n));
            (c1_0, c1_1) = (L.Load(c + cRow), L.Load(c + cRow + n));
        }
        for (; depth > 0; depth--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + n);
            V x = L.Broadcast(*a);
            (c0_0, c0_1) = (L.MultiplyAdd(x, b0, c0_0), L.MultiplyAdd(x, b1, c0_1));
            x = L.Broadcast(a[aRow]);
            (c1_0, c1_1) = (L.MultiplyAdd(x, b0, c1_0), L.MultiplyAdd(x, b1, c1_1));
            a += aStep;
            FetchAhead(b);
            b += bStep;
        }
        L.Store(c0_0, c);
        L.Store(c0_1, c + n);
        L.Store(c1_0, c + cRow);
        L.Store(c1_1, c + cRow + n);
    }

    /// <summary>1 row × 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow, bool accumulate)
    {
        int n = L.Count;
        V c0_0 = L.Zero, c0_1 = L.Zero;
        if (accumulate)
        {
            (c0_0, c0_1) = (L.Load(c), L.Load(c + n));
        }
        for (; depth > 0; depth--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + n);
            V x = L.Broadcast(*a);
            (c0_0, c0_1) = (L.MultiplyAdd(x, b0, c0_0), L.MultiplyAdd(x, b1, c0_1));
            a += aStep;
            FetchAhead(b);
            b += bStep;
        }
        L.Store(c0_0, c);
        L.Store(c0_1, c + n);
    }
}
