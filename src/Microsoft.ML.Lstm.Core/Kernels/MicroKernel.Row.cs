using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// The product of a single row: the step of a single sequence. It is bound by the weights that stream by, of which each is used once, so panels are read in
/// the order of memory, whole. A pair of vectors is two chains of sums; four pairs keep both multipliers busy, and what would leave fewer joins a tile of five or six.
/// </summary>
internal static unsafe partial class MicroKernel<L, V>
{
    /// <summary>Number of pairs of vectors of a row's tile.</summary>
    private interface IPairs
    {
        static abstract int Count { get; }
    }

    /// <summary>C[1, 32·panels] (+)= A[1, K] · B for panels that are <paramref name="panelStride"/> apart.</summary>
    public static void Row<F>(float* a, float* b, nint panelStride, int panels, int depth, float* c, bool accumulate)
        where F : struct, IPanelFormat<V>
    {
        int pairs = panels * PanelWidth / (2 * L.Count);
        // Both tiles begin with a panel.
        int first = (pairs % 4) + (pairs > 4 && pairs % 4 is 1 or 2 ? 4 : 0), panel = first * 2 * L.Count / PanelWidth;
        switch (first)
        {
            case 1: RowTiles<Pairs1, F>(1, a, b, panelStride, depth, c, accumulate); break;
            case 2: RowTiles<Pairs2, F>(1, a, b, panelStride, depth, c, accumulate); break;
            case 3: RowTiles<Pairs3, F>(1, a, b, panelStride, depth, c, accumulate); break;
            case 5: RowTiles<Pairs5, F>(1, a, b, panelStride, depth, c, accumulate); break;
            case 6: RowTiles<Pairs6, F>(1, a, b, panelStride, depth, c, accumulate); break;
        }
        RowTiles<Pairs4, F>((pairs - first) / 4, a, b + (panel * panelStride), panelStride, depth, c + (panel * PanelWidth), accumulate);
    }

    /// <summary>1 row × P pairs of vectors, some such tiles one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowTiles<P, F>(int tiles, float* a, float* b, nint panelStride, int depth, float* c, bool accumulate)
        where P : struct, IPairs
        where F : struct, IPanelFormat<V>
    {
        for (; tiles > 0; tiles--, b += Offset<F>(P.Count, panelStride), c += Offset<F>(P.Count, PanelWidth))
        {
            float* b1 = b + Offset<F>(1, panelStride), b2 = b + Offset<F>(2, panelStride), b3 = b + Offset<F>(3, panelStride);
            float* b4 = b + Offset<F>(4, panelStride), b5 = b + Offset<F>(5, panelStride);
            float* c1 = c + Offset<F>(1, PanelWidth), c2 = c + Offset<F>(2, PanelWidth), c3 = c + Offset<F>(3, PanelWidth);
            float* c4 = c + Offset<F>(4, PanelWidth), c5 = c + Offset<F>(5, PanelWidth);
            V c0_0 = L.Zero, c0_1 = L.Zero, c1_0 = L.Zero, c1_1 = L.Zero, c2_0 = L.Zero, c2_1 = L.Zero;
            V c3_0 = L.Zero, c3_1 = L.Zero, c4_0 = L.Zero, c4_1 = L.Zero, c5_0 = L.Zero, c5_1 = L.Zero;
            if (accumulate)
            {
                (c0_0, c0_1) = (L.Load(c), L.Load(c + F.Second));
                if (P.Count > 1)
                    (c1_0, c1_1) = (L.Load(c1), L.Load(c1 + F.Second));
                if (P.Count > 2)
                    (c2_0, c2_1) = (L.Load(c2), L.Load(c2 + F.Second));
                if (P.Count > 3)
                    (c3_0, c3_1) = (L.Load(c3), L.Load(c3 + F.Second));
                if (P.Count > 4)
                    (c4_0, c4_1) = (L.Load(c4), L.Load(c4 + F.Second));
                if (P.Count > 5)
                    (c5_0, c5_1) = (L.Load(c5), L.Load(c5 + F.Second));
            }
            for (nint k = 0, at = 0; k < depth; k++, at += F.Row)
            {
                V x = L.Broadcast(a[k]);
                (c0_0, c0_1) = (L.MultiplyAdd(x, F.LoadFirst(b + at), c0_0), L.MultiplyAdd(x, F.LoadSecond(b + at), c0_1));
                if (P.Count > 1)
                    (c1_0, c1_1) = (L.MultiplyAdd(x, F.LoadFirst(b1 + at), c1_0), L.MultiplyAdd(x, F.LoadSecond(b1 + at), c1_1));
                if (P.Count > 2)
                    (c2_0, c2_1) = (L.MultiplyAdd(x, F.LoadFirst(b2 + at), c2_0), L.MultiplyAdd(x, F.LoadSecond(b2 + at), c2_1));
                if (P.Count > 3)
                    (c3_0, c3_1) = (L.MultiplyAdd(x, F.LoadFirst(b3 + at), c3_0), L.MultiplyAdd(x, F.LoadSecond(b3 + at), c3_1));
                if (P.Count > 4)
                    (c4_0, c4_1) = (L.MultiplyAdd(x, F.LoadFirst(b4 + at), c4_0), L.MultiplyAdd(x, F.LoadSecond(b4 + at), c4_1));
                if (P.Count > 5)
                    (c5_0, c5_1) = (L.MultiplyAdd(x, F.LoadFirst(b5 + at), c5_0), L.MultiplyAdd(x, F.LoadSecond(b5 + at), c5_1));
            }
            L.Store(c0_0, c);
            L.Store(c0_1, c + F.Second);
            if (P.Count > 1)
            {
                L.Store(c1_0, c1);
                L.Store(c1_1, c1 + F.Second);
            }
            if (P.Count > 2)
            {
                L.Store(c2_0, c2);
                L.Store(c2_1, c2 + F.Second);
            }
            if (P.Count > 3)
            {
                L.Store(c3_0, c3);
                L.Store(c3_1, c3 + F.Second);
            }
            if (P.Count > 4)
            {
                L.Store(c4_0, c4);
                L.Store(c4_1, c4 + F.Second);
            }
            if (P.Count > 5)
            {
                L.Store(c5_0, c5);
                L.Store(c5_1, c5 + F.Second);
            }
        }
    }

    // Where a pair of a tile begins, if panels are so far apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Offset<F>(int pair, nint panelStride)
        where F : struct, IPanelFormat<V> =>
        (2 * L.Count * pair / PanelWidth * panelStride) + (2 * L.Count * pair % PanelWidth / (2 * L.Count) * F.Pair);

    private readonly struct Pairs1 : IPairs
    {
        public static int Count => 1;
    }

    private readonly struct Pairs2 : IPairs
    {
        public static int Count => 2;
    }

    private readonly struct Pairs3 : IPairs
    {
        public static int Count => 3;
    }

    private readonly struct Pairs4 : IPairs
    {
        public static int Count => 4;
    }

    private readonly struct Pairs5 : IPairs
    {
        public static int Count => 5;
    }

    private readonly struct Pairs6 : IPairs
    {
        public static int Count => 6;
    }
}
