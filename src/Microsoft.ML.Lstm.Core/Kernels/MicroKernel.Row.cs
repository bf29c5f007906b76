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
    public static void Row(float* a, float* b, nint panelStride, int panels, int depth, float* c, bool accumulate)
    {
        int columns = 2 * L.Count, pairs = panels * (PanelWidth / columns);
        // Both tiles begin with a panel.
        int first = (pairs % 4) + (pairs > 4 && pairs % 4 is 1 or 2 ? 4 : 0);
        switch (first)
        {
            case 1: RowTiles<Pairs1>(1, a, b, panelStride, depth, c, accumulate); break;
            case 2: RowTiles<Pairs2>(1, a, b, panelStride, depth, c, accumulate); break;
            case 3: RowTiles<Pairs3>(1, a, b, panelStride, depth, c, accumulate); break;
            case 5: RowTiles<Pairs5>(1, a, b, panelStride, depth, c, accumulate); break;
            case 6: RowTiles<Pairs6>(1, a, b, panelStride, depth, c, accumulate); break;
        }
        RowTiles<Pairs4>((pairs - first) / 4, a, b + (first * columns / PanelWidth * panelStride), panelStride, depth, c + (first * columns), accumulate);
    }

    /// <summary>1 row × P pairs of vectors, some such tiles one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowTiles<P>(int tiles, float* a, float* b, nint panelStride, int depth, float* c, bool accumulate)
        where P : struct, IPairs
    {
        int n = L.Count;
        for (; tiles > 0; tiles--, b += Pair(P.Count, panelStride), c += 2 * P.Count * n)
        {
            float* b1 = b + Pair(1, panelStride), b2 = b + Pair(2, panelStride), b3 = b + Pair(3, panelStride), b4 = b + Pair(4, panelStride), b5 = b + Pair(5, panelStride);
            V c0_0 = L.Zero, c0_1 = L.Zero, c1_0 = L.Zero, c1_1 = L.Zero, c2_0 = L.Zero, c2_1 = L.Zero;
            V c3_0 = L.Zero, c3_1 = L.Zero, c4_0 = L.Zero, c4_1 = L.Zero, c5_0 = L.Zero, c5_1 = L.Zero;
            if (accumulate)
            {
                (c0_0, c0_1) = (L.Load(c), L.Load(c + n));
                if (P.Count > 1)
                    (c1_0, c1_1) = (L.Load(c + (2 * n)), L.Load(c + (3 * n)));
                if (P.Count > 2)
                    (c2_0, c2_1) = (L.Load(c + (4 * n)), L.Load(c + (5 * n)));
                if (P.Count > 3)
                    (c3_0, c3_1) = (L.Load(c + (6 * n)), L.Load(c + (7 * n)));
                if (P.Count > 4)
                    (c4_0, c4_1) = (L.Load(c + (8 * n)), L.Load(c + (9 * n)));
                if (P.Count > 5)
                    (c5_0, c5_1) = (L.Load(c + (10 * n)), L.Load(c + (11 * n)));
            }
            for (nint k = 0, at = 0; k < depth; k++, at += PanelWidth)
            {
                V x = L.Broadcast(a[k]);
                (c0_0, c0_1) = (L.MultiplyAdd(x, L.Load(b + at), c0_0), L.MultiplyAdd(x, L.Load(b + at + n), c0_1));
                if (P.Count > 1)
                    (c1_0, c1_1) = (L.MultiplyAdd(x, L.Load(b1 + at), c1_0), L.MultiplyAdd(x, L.Load(b1 + at + n), c1_1));
                if (P.Count > 2)
                    (c2_0, c2_1) = (L.MultiplyAdd(x, L.Load(b2 + at), c2_0), L.MultiplyAdd(x, L.Load(b2 + at + n), c2_1));
                if (P.Count > 3)
                    (c3_0, c3_1) = (L.MultiplyAdd(x, L.Load(b3 + at), c3_0), L.MultiplyAdd(x, L.Load(b3 + at + n), c3_1));
                if (P.Count > 4)
                    (c4_0, c4_1) = (L.MultiplyAdd(x, L.Load(b4 + at), c4_0), L.MultiplyAdd(x, L.Load(b4 + at + n), c4_1));
                if (P.Count > 5)
                    (c5_0, c5_1) = (L.MultiplyAdd(x, L.Load(b5 + at), c5_0), L.MultiplyAdd(x, L.Load(b5 + at + n), c5_1));
            }
            L.Store(c0_0, c);
            L.Store(c0_1, c + n);
            if (P.Count > 1)
            {
                L.Store(c1_0, c + (2 * n));
                L.Store(c1_1, c + (3 * n));
            }
            if (P.Count > 2)
            {
                L.Store(c2_0, c + (4 * n));
                L.Store(c2_1, c + (5 * n));
            }
            if (P.Count > 3)
            {
                L.Store(c3_0, c + (6 * n));
                L.Store(c3_1, c + (7 * n));
            }
            if (P.Count > 4)
            {
                L.Store(c4_0, c + (8 * n));
                L.Store(c4_1, c + (9 * n));
            }
            if (P.Count > 5)
            {
                L.Store(c5_0, c + (10 * n));
                L.Store(c5_1, c + (11 * n));
            }
        }
    }

    // Where a pair of a tile's columns begins.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Pair(int pair, nint panelStride) =>
        (2 * L.Count * pair / PanelWidth * panelStride) + (2 * L.Count * pair % PanelWidth);

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
