using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// The innermost product: a tile C[rows, 32] (+)= A[rows, K] · B[K, 32], held in registers while K runs.
/// <para>A is read one float at a time (broadcast), with a stride between rows and one between steps of K, so the same code multiplies by A
/// and by its transpose. B is read in vectors, 32 columns (a panel) at a time. A panel is two 16-float vectors wide; narrower machines walk
/// it two vectors at a time. Each element of C is one chain of fused multiply-adds in the order of K: its bits depend neither on the tile
/// that it falls in nor on the vector width.</para>
/// <para>Tiles of at most 14 × 2 vectors need 28 accumulators, 2 vectors of B and 1 of A: 31 of 32 registers; where there are 16,
/// tiles of 6 × 2 need 15. The rows are addressed from five pointers and two multiples of the row stride, which is all the general registers can hold.
/// Locals, not arrays: only they stay in registers. The tiles skip tiered compilation: they are good from the first call, and no profile of
/// the calls so far changes them.</para>
/// </summary>
internal static unsafe partial class MicroKernel<L, V>
    where L : ILanes<V>
    where V : struct
{
    /// <summary>Columns of a panel.</summary>
    public const int PanelWidth = 32;

    // How far ahead, in steps of a packed panel, cache lines are asked for: two pages of floats, some 700 cycles of a tall tile.
    private const int Ahead = 64;

    private const int FloatsOfLine = 16;

    /// <summary>C[rows, 32] (+)= A · B for any number of rows and one panel, or at least the first <paramref name="columns"/> of C.</summary>
    public static void Panel<F>(int rows, float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow,
        bool accumulate, int columns = PanelWidth)
        where F : struct, IPanelFormat<V>
    {
        while (rows > 0)
        {
            int tile = TileRows(rows);
            for (int j = 0; j < F.Row && j < columns; j += F.Pair)
                Tile<F>(tile, a, aRow, aStep, b + j, bStep, depth, c + j, cRow, accumulate);
            a += tile * aRow;
            c += tile * cRow;
            rows -= tile;
        }
    }

    // The machine's own prefetcher stops at the end of every page of memory, which is 32 steps of a panel. Where B is read in place, other lines
    // than the next come, which costs nothing that could be measured; a distance that scales with bStep would cost a register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchAhead<F>(float* b)
        where F : struct, IPanelFormat<V>
    {
        Prefetch.Line(b + (Ahead * F.Row));
        if (F.Pair > FloatsOfLine)
            Prefetch.Line(b + (Ahead * F.Row) + FloatsOfLine);
    }

    // As few tiles as the registers allow, as tall as one another: a short one among tall ones would wait for its own sums.
    private static int TileRows(int rows)
    {
        int most = L.HasManyRegisters ? 14 : 6;
        int tiles = (rows + most - 1) / most;
        return (rows + tiles - 1) / tiles;
    }

    private static void Tile<F>(int rows, float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow,
        bool accumulate)
        where F : struct, IPanelFormat<V>
    {
        switch (rows)
        {
            case 14: Tile<Rows14, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 13: Tile<Rows13, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 12: Tile<Rows12, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 11: Tile<Rows11, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 10: Tile<Rows10, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 9: Tile<Rows9, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 8: Tile<Rows8, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 7: Tile<Rows7, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 6: Tile<Rows6, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 5: Tile<Rows5, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 4: Tile<Rows4, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 3: Tile<Rows3, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            case 2: Tile<Rows2, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
            default: Tile<Rows1, F>(a, aRow, aStep, b, bStep, depth, c, cRow, accumulate); break;
        }
    }
}
