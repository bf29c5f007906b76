using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// The tile, written once for its largest number of rows. How many there are is a type (MicroKernel.Shapes.cs), so the compiler drops the rows that a
/// tile does not have, and keeps the others' accumulators in registers; so is how A lies in memory.
/// </summary>
internal static unsafe partial class MicroKernel<L, V>
{
    /// <summary>
    /// R rows × 2 vectors, from row <paramref name="row"/> of the products' A and float <paramref name="pair"/> of a step of their panels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<R, F, O>(Product* products, int count, nint row, nint pair, float* c, nint cRow, bool accumulate)
        where R : struct, IRows
        where F : struct, IPanelFormat<V>
        where O : struct, IOrder
    {
        int n = F.Second;
        V c0_0 = L.Zero, c0_1 = L.Zero, c1_0 = L.Zero, c1_1 = L.Zero;
        V c2_0 = L.Zero, c2_1 = L.Zero, c3_0 = L.Zero, c3_1 = L.Zero;
        V c4_0 = L.Zero, c4_1 = L.Zero, c5_0 = L.Zero, c5_1 = L.Zero;
        V c6_0 = L.Zero, c6_1 = L.Zero, c7_0 = L.Zero, c7_1 = L.Zero;
        V c8_0 = L.Zero, c8_1 = L.Zero, c9_0 = L.Zero, c9_1 = L.Zero;
        V c10_0 = L.Zero, c10_1 = L.Zero, c11_0 = L.Zero, c11_1 = L.Zero;
        V c12_0 = L.Zero, c12_1 = L.Zero, c13_0 = L.Zero, c13_1 = L.Zero;
        if (accumulate)
        {
            (c0_0, c0_1) = (L.Load(c), L.Load(c + n));
            if (R.Count > 1)
                (c1_0, c1_1) = (L.Load(c + cRow), L.Load(c + cRow + n));
            if (R.Count > 2)
                (c2_0, c2_1) = (L.Load(c + 2 * cRow), L.Load(c + 2 * cRow + n));
            if (R.Count > 3)
                (c3_0, c3_1) = (L.Load(c + 3 * cRow), L.Load(c + 3 * cRow + n));
            if (R.Count > 4)
                (c4_0, c4_1) = (L.Load(c + 4 * cRow), L.Load(c + 4 * cRow + n));
            if (R.Count > 5)
                (c5_0, c5_1) = (L.Load(c + 5 * cRow), L.Load(c + 5 * cRow + n));
            if (R.Count > 6)
                (c6_0, c6_1) = (L.Load(c + 6 * cRow), L.Load(c + 6 * cRow + n));
            if (R.Count > 7)
                (c7_0, c7_1) = (L.Load(c + 7 * cRow), L.Load(c + 7 * cRow + n));
            if (R.Count > 8)
                (c8_0, c8_1) = (L.Load(c + 8 * cRow), L.Load(c + 8 * cRow + n));
            if (R.Count > 9)
                (c9_0, c9_1) = (L.Load(c + 9 * cRow), L.Load(c + 9 * cRow + n));
            if (R.Count > 10)
                (c10_0, c10_1) = (L.Load(c + 10 * cRow), L.Load(c + 10 * cRow + n));
            if (R.Count > 11)
                (c11_0, c11_1) = (L.Load(c + 11 * cRow), L.Load(c + 11 * cRow + n));
            if (R.Count > 12)
                (c12_0, c12_1) = (L.Load(c + 12 * cRow), L.Load(c + 12 * cRow + n));
            if (R.Count > 13)
                (c13_0, c13_1) = (L.Load(c + 13 * cRow), L.Load(c + 13 * cRow + n));
        }
        else if (!O.IsTransposed)
        {
            // What is written at the end may lie beyond the second-level cache: it comes meanwhile.
            for (int i = 0; i < R.Count; i++)
            {
                Prefetch.Line(c + (i * cRow));
                if (n >= FloatsOfLine)
                    Prefetch.Line(c + (i * cRow) + n);
            }
        }
        for (; count > 0; count--, products++)
        {
            nint stride = products->AStride, stride2 = 2 * stride, bStep = O.IsTransposed ? products->BStep : F.Row;
            nint ahead = O.IsTransposed ? TransposedAhead * stride : 0, bAhead = O.IsTransposed ? TransposedAhead * bStep : Ahead * F.Row;
            float* a = products->A + (O.IsTransposed ? row : row * stride), b = products->B + pair;
            float* a3 = a + (3 * stride), a6 = a + (6 * stride), a9 = a + (9 * stride), a12 = a + (12 * stride);
            for (int k = products->Depth; k > 0; k--)
            {
                V b0 = F.LoadFirst(b), b1 = F.LoadSecond(b);
                V x = L.Broadcast(*a);
                (c0_0, c0_1) = (L.MultiplyAdd(x, b0, c0_0), L.MultiplyAdd(x, b1, c0_1));
                if (R.Count > 1)
                {
                    x = L.Broadcast(O.IsTransposed ? a[1] : a[stride]);
                    (c1_0, c1_1) = (L.MultiplyAdd(x, b0, c1_0), L.MultiplyAdd(x, b1, c1_1));
                }
                if (R.Count > 2)
                {
                    x = L.Broadcast(O.IsTransposed ? a[2] : a[stride2]);
                    (c2_0, c2_1) = (L.MultiplyAdd(x, b0, c2_0), L.MultiplyAdd(x, b1, c2_1));
                }
                if (R.Count > 3)
                {
                    x = L.Broadcast(O.IsTransposed ? a[3] : *a3);
                    (c3_0, c3_1) = (L.MultiplyAdd(x, b0, c3_0), L.MultiplyAdd(x, b1, c3_1));
                }
                if (R.Count > 4)
                {
                    x = L.Broadcast(O.IsTransposed ? a[4] : a3[stride]);
                    (c4_0, c4_1) = (L.MultiplyAdd(x, b0, c4_0), L.MultiplyAdd(x, b1, c4_1));
                }
                if (R.Count > 5)
                {
                    x = L.Broadcast(O.IsTransposed ? a[5] : a3[stride2]);
                    (c5_0, c5_1) = (L.MultiplyAdd(x, b0, c5_0), L.MultiplyAdd(x, b1, c5_1));
                }
                if (R.Count > 6)
                {
                    x = L.Broadcast(O.IsTransposed ? a[6] : *a6);
                    (c6_0, c6_1) = (L.MultiplyAdd(x, b0, c6_0), L.MultiplyAdd(x, b1, c6_1));
                }
                if (R.Count > 7)
                {
                    x = L.Broadcast(O.IsTransposed ? a[7] : a6[stride]);
                    (c7_0, c7_1) = (L.MultiplyAdd(x, b0, c7_0), L.MultiplyAdd(x, b1, c7_1));
                }
                if (R.Count > 8)
                {
                    x = L.Broadcast(O.IsTransposed ? a[8] : a6[stride2]);
                    (c8_0, c8_1) = (L.MultiplyAdd(x, b0, c8_0), L.MultiplyAdd(x, b1, c8_1));
                }
                if (R.Count > 9)
                {
                    x = L.Broadcast(O.IsTransposed ? a[9] : *a9);
                    (c9_0, c9_1) = (L.MultiplyAdd(x, b0, c9_0), L.MultiplyAdd(x, b1, c9_1));
                }
                if (R.Count > 10)
                {
                    x = L.Broadcast(O.IsTransposed ? a[10] : a9[stride]);
                    (c10_0, c10_1) = (L.MultiplyAdd(x, b0, c10_0), L.MultiplyAdd(x, b1, c10_1));
                }
                if (R.Count > 11)
                {
                    x = L.Broadcast(O.IsTransposed ? a[11] : a9[stride2]);
                    (c11_0, c11_1) = (L.MultiplyAdd(x, b0, c11_0), L.MultiplyAdd(x, b1, c11_1));
                }
                if (R.Count > 12)
                {
                    x = L.Broadcast(O.IsTransposed ? a[12] : *a12);
                    (c12_0, c12_1) = (L.MultiplyAdd(x, b0, c12_0), L.MultiplyAdd(x, b1, c12_1));
                }
                if (R.Count > 13)
                {
                    x = L.Broadcast(O.IsTransposed ? a[13] : a12[stride]);
                    (c13_0, c13_1) = (L.MultiplyAdd(x, b0, c13_0), L.MultiplyAdd(x, b1, c13_1));
                }
                Prefetch.Line(b + bAhead);
                if (F.Pair > FloatsOfLine)
                    Prefetch.Line(b + bAhead + FloatsOfLine);
                b += bStep;
                if (O.IsTransposed)
                {
                    Prefetch.Line(a + ahead + R.Count - 1);
                    a += stride;
                    continue;
                }
                a++;
                a3++;
                a6++;
                a9++;
                a12++;
            }
        }
        L.Store(c0_0, c);
        L.Store(c0_1, c + n);
        if (R.Count > 1)
        {
            L.Store(c1_0, c + cRow);
            L.Store(c1_1, c + cRow + n);
        }
        if (R.Count > 2)
        {
            L.Store(c2_0, c + 2 * cRow);
            L.Store(c2_1, c + 2 * cRow + n);
        }
        if (R.Count > 3)
        {
            L.Store(c3_0, c + 3 * cRow);
            L.Store(c3_1, c + 3 * cRow + n);
        }
        if (R.Count > 4)
        {
            L.Store(c4_0, c + 4 * cRow);
            L.Store(c4_1, c + 4 * cRow + n);
        }
        if (R.Count > 5)
        {
            L.Store(c5_0, c + 5 * cRow);
            L.Store(c5_1, c + 5 * cRow + n);
        }
        if (R.Count > 6)
        {
            L.Store(c6_0, c + 6 * cRow);
            L.Store(c6_1, c + 6 * cRow + n);
        }
        if (R.Count > 7)
        {
            L.Store(c7_0, c + 7 * cRow);
            L.Store(c7_1, c + 7 * cRow + n);
        }
        if (R.Count > 8)
        {
            L.Store(c8_0, c + 8 * cRow);
            L.Store(c8_1, c + 8 * cRow + n);
        }
        if (R.Count > 9)
        {
            L.Store(c9_0, c + 9 * cRow);
            L.Store(c9_1, c + 9 * cRow + n);
        }
        if (R.Count > 10)
        {
            L.Store(c10_0, c + 10 * cRow);
            L.Store(c10_1, c + 10 * cRow + n);
        }
        if (R.Count > 11)
        {
            L.Store(c11_0, c + 11 * cRow);
            L.Store(c11_1, c + 11 * cRow + n);
        }
        if (R.Count > 12)
        {
            L.Store(c12_0, c + 12 * cRow);
            L.Store(c12_1, c + 12 * cRow + n);
        }
        if (R.Count > 13)
        {
            L.Store(c13_0, c + 13 * cRow);
            L.Store(c13_1, c + 13 * cRow + n);
        }
    }
}
