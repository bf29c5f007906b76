namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// The innermost product: a tile C[rows, 32] (+)= A[rows, K] · B[K, 32], held in registers while K runs, or a chain of some such products.
/// <para>A is read one float at a time (broadcast), row by row or, transposed, step by step of K. B is read in vectors, 32 columns (a panel) at a
/// time. A panel is two 16-float vectors wide; narrower machines walk it two vectors at a time. Each element of C is one chain of fused
/// multiply-adds in the order of K: its bits depend neither on the tile that it falls in nor on the vector width.</para>
/// <para>Tiles of at most 14 × 2 vectors need 28 accumulators, 2 vectors of B and 1 of A: 31 of 32 registers; where there are 16,
/// tiles of 6 × 2 need 15. The rows are addressed from five pointers and two multiples of the row stride, which is all the general registers can
/// hold. Locals, not arrays: only they stay in registers. The tiles skip tiered compilation: they are good from the first call, and no profile of
/// the calls so far changes them.</para>
/// </summary>
internal static unsafe partial class MicroKernel<L, V>
    where L : ILanes<V>
    where V : struct
{
    private const int PanelWidth = Gemm.PanelWidth;

    // How far ahead, in steps of a packed panel, cache lines are asked for: two pages of floats, some 700 cycles of a tall tile. The machine's own
    // prefetcher stops at the end of every page of memory, which is 32 steps of a panel.
    private const int Ahead = 64;

    // The same where A and B are read in place, a step being a row of either: each is in a page of its own, so no prefetcher follows.
    private const int TransposedAhead = 16;

    private const int FloatsOfLine = 16;

    /// <summary>
    /// C[rows, 32] (+)= A · B + A' · B' + … for any number of rows and packed panels, or at least the first <paramref name="columns"/> of C.
    /// </summary>
    public static void Panel<F>(int rows, Product* products, int count, float* c, nint cRow, bool accumulate, int columns = PanelWidth)
        where F : struct, IPanelFormat<V> => Panel<F, ByRows>(rows, products, count, c, cRow, accumulate, columns);

    /// <summary>C[rows, 32] (+)= Aᵀ · B, both read in place, for any number of rows, or at least the first <paramref name="columns"/> of C.</summary>
    public static void TransposedPanel(int rows, Product product, float* c, nint cRow, bool accumulate, int columns = PanelWidth) =>
        Panel<FloatPanels<L, V>, BySteps>(rows, &product, 1, c, cRow, accumulate, columns);

    private static void Panel<F, O>(int rows, Product* products, int count, float* c, nint cRow, bool accumulate, int columns)
        where F : struct, IPanelFormat<V>
        where O : struct, IOrder
    {
        for (int row = 0; row < rows;)
        {
            int tile = TileRows(rows - row);
            for (int pair = 0; pair < F.Row && pair < columns; pair += F.Pair)
                Tile<F, O>(tile, products, count, row, pair, c + pair, cRow, accumulate);
            c += tile * cRow;
            row += tile;
        }
    }

    // As few tiles as the registers allow, as tall as one another: a short one among tall ones would wait for its own sums.
    private static int TileRows(int rows)
    {
        int most = L.HasManyRegisters ? 14 : 6;
        int tiles = (rows + most - 1) / most;
        return (rows + tiles - 1) / tiles;
    }

    private static void Tile<F, O>(int rows, Product* products, int count, nint row, nint pair, float* c, nint cRow, bool accumulate)
        where F : struct, IPanelFormat<V>
        where O : struct, IOrder
    {
        switch (rows)
        {
            case 14: Tile<Rows14, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 13: Tile<Rows13, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 12: Tile<Rows12, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 11: Tile<Rows11, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 10: Tile<Rows10, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 9: Tile<Rows9, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 8: Tile<Rows8, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 7: Tile<Rows7, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 6: Tile<Rows6, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 5: Tile<Rows5, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 4: Tile<Rows4, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 3: Tile<Rows3, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            case 2: Tile<Rows2, F, O>(products, count, row, pair, c, cRow, accumulate); break;
            default: Tile<Rows1, F, O>(products, count, row, pair, c, cRow, accumulate); break;
        }
    }
}
