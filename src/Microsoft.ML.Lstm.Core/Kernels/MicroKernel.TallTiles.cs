using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>The tiles that take in one or two rows beside the twelve.</summary>
internal static unsafe partial class MicroKernel<L, V>
{
    /// <summary>14 rows × 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile14(float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow, bool accumulate)
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
        V c8_0 = L.Zero, c8_1 = L.Zero;
        V c9_0 = L.Zero, c9_1 = L.Zero;
        V c10_0 = L.Zero, c10_1 = L.Zero;
        V c11_0 = L.Zero, c11_1 = L.Zero;
        V c12_0 = L.Zero, c12_1 = L.Zero;
        V c13_0 = L.Zero, c13_1 = L.Zero;
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
            (c8_0, c8_1) = (L.Load(c + 8 * cRow), L.Load(c + 8 * cRow + n));
            (c9_0, c9_1) = (L.Load(c + 9 * cRow), L.Load(c + 9 * cRow + n));
            (c10_0, c10_1) = (L.Load(c + 10 * cRow), L.Load(c + 10 * cRow + n));
            (c11_0, c11_1) = (L.Load(c + 11 * cRow), L.Load(c + 11 * cRow + n));
            (c12_0, c12_1) = (L.Load(c + 12 * cRow), L.Load(c + 12 * cRow + n));
            (c13_0, c13_1) = (L.Load(c + 13 * cRow), L.Load(c + 13 * cRow + n));
        }
        nint aRow2 = 2 * aRow;
        float* a3 = a + 3 * aRow;
        float* a6 = a + 6 * aRow;
        float* a9 = a + 9 * aRow;
        float* a12 = a + 12 * aRow;
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
            x = L.Broadcast(a6[aRow2]);
            (c8_0, c8_1) = (L.MultiplyAdd(x, b0, c8_0), L.MultiplyAdd(x, b1, c8_1));
            x = L.Broadcast(*a9);
            (c9_0, c9_1) = (L.MultiplyAdd(x, b0, c9_0), L.MultiplyAdd(x, b1, c9_1));
            x = L.Broadcast(a9[aRow]);
            (c10_0, c10_1) = (L.MultiplyAdd(x, b0, c10_0), L.MultiplyAdd(x, b1, c10_1));
            x = L.Broadcast(a9[aRow2]);
            (c11_0, c11_1) = (L.MultiplyAdd(x, b0, c11_0), L.MultiplyAdd(x, b1, c11_1));
            x = L.Broadcast(*a12);
            (c12_0, c12_1) = (L.MultiplyAdd(x, b0, c12_0), L.MultiplyAdd(x, b1, c12_1));
            x = L.Broadcast(a12[aRow]);
            (c13_0, c13_1) = (L.MultiplyAdd(x, b0, c13_0), L.MultiplyAdd(x, b1, c13_1));
            a += aStep;
            a3 += aStep;
            a6 += aStep;
            a9 += aStep;
            a12 += aStep;
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
        L.Store(c8_0, c + 8 * cRow);
        L.Store(c8_1, c + 8 * cRow + n);
        L.Store(c9_0, c + 9 * cRow);
        L.Store(c9_1, c + 9 * cRow + n);
        L.Store(c10_0, c + 10 * cRow);
        L.Store(c10_1, c + 10 * cRow + n);
        L.Store(c11_0, c + 11 * cRow);
        L.Store(c11_1, c + 11 * cRow + n);
        L.Store(c12_0, c + 12 * cRow);
        L.Store(c12_1, c + 12 * cRow + n);
        L.Store(c13_0, c + 13 * cRow);
        L.Store(c13_1, c + 13 * cRow + n);
    }

    /// <summary>13 rows × 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile13(float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow, bool accumulate)
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
        V c8_0 = L.Zero, c8_1 = L.Zero;
        V c9_0 = L.Zero, c9_1 = L.Zero;
        V c10_0 = L.Zero, c10_1 = L.Zero;
        V c11_0 = L.Zero, c11_1 = L.Zero;
        V c12_0 = L.Zero, c12_1 = L.Zero;
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
            (c8_0, c8_1) = (L.Load(c + 8 * cRow), L.Load(c + 8 * cRow + n));
            (c9_0, c9_1) = (L.Load(c + 9 * cRow), L.Load(c + 9 * cRow + n));
            (c10_0, c10_1) = (L.Load(c + 10 * cRow), L.Load(c + 10 * cRow + n));
            (c11_0, c11_1) = (L.Load(c + 11 * cRow), L.Load(c + 11 * cRow + n));
            (c12_0, c12_1) = (L.Load(c + 12 * cRow), L.Load(c + 12 * cRow + n));
        }
        nint aRow2 = 2 * aRow;
        float* a3 = a + 3 * aRow;
        float* a6 = a + 6 * aRow;
        float* a9 = a + 9 * aRow;
        float* a12 = a + 12 * aRow;
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
            x = L.Broadcast(a6[aRow2]);
            (c8_0, c8_1) = (L.MultiplyAdd(x, b0, c8_0), L.MultiplyAdd(x, b1, c8_1));
            x = L.Broadcast(*a9);
            (c9_0, c9_1) = (L.MultiplyAdd(x, b0, c9_0), L.MultiplyAdd(x, b1, c9_1));
            x = L.Broadcast(a9[aRow]);
            (c10_0, c10_1) = (L.MultiplyAdd(x, b0, c10_0), L.MultiplyAdd(x, b1, c10_1));
            x = L.Broadcast(a9[aRow2]);
            (c11_0, c11_1) = (L.MultiplyAdd(x, b0, c11_0), L.MultiplyAdd(x, b1, c11_1));
            x = L.Broadcast(*a12);
            (c12_0, c12_1) = (L.MultiplyAdd(x, b0, c12_0), L.MultiplyAdd(x, b1, c12_1));
            a += aStep;
            a3 += aStep;
            a6 += aStep;
            a9 += aStep;
            a12 += aStep;
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
        L.Store(c8_0, c + 8 * cRow);
        L.Store(c8_1, c + 8 * cRow + n);
        L.Store(c9_0, c + 9 * cRow);
        L.Store(c9_1, c + 9 * cRow + n);
        L.Store(c10_0, c + 10 * cRow);
        L.Store(c10_1, c + 10 * cRow + n);
        L.Store(c11_0, c + 11 * cRow);
        L.Store(c11_1, c + 11 * cRow + n);
        L.Store(c12_0, c + 12 * cRow);
        L.Store(c12_1, c + 12 * cRow + n);
    }
}
