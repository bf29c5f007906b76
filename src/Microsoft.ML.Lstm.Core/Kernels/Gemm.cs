using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Matrix products on the widest vectors of this machine. All matrices are row-major floats; strides are in floats.</summary>
internal static unsafe class Gemm
{
    /// <summary>Columns that a product is computed in at a time; operands' rows are padded to it.</summary>
    public const int PanelWidth = 32;

    /// <summary>Steps of the long dimension that one pass takes, so that what it rereads stays in the second-level cache.</summary>
    public const int DepthBlock = 1024;

    /// <summary>
    /// Columns that are dearer as a panel, which would be mostly padding, than with the vectors along the rows: a whole matrix of fewer, or what
    /// whole panels leave if it is no more.
    /// </summary>
    private const int NarrowColumns = 8;

    /// <summary>Rows of the result that are finished for all columns before the next, so that their part of A stays in the second-level cache.</summary>
    private const int RowBlock = 96;

    /// <summary>Panels that hold <paramref name="columns"/> columns.</summary>
    public static int Panels(int columns) => (columns + PanelWidth - 1) / PanelWidth;

    /// <summary><paramref name="columns"/> rounded up to whole panels: the row stride of every matrix that is written or read in panels.</summary>
    public static int Stride(int columns) => Panels(columns) * PanelWidth;

    /// <summary>
    /// C[rows, 32] = A[rows, depth] · B[depth, 32], or added to what C holds. A(r, k) is at a[r·aRow + k·aStep], B(k, j) at b[k·bStep + j].
    /// </summary>
    public static void Panel(int rows, float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
            MicroKernel<Lanes512, Vector512<float>>.Panel(rows, a, aRow, aStep, b, bStep, depth, c, cRow, accumulate);
        else if (Vector256.IsHardwareAccelerated)
            MicroKernel<Lanes256, Vector256<float>>.Panel(rows, a, aRow, aStep, b, bStep, depth, c, cRow, accumulate);
        else
            MicroKernel<Lanes128, Vector128<float>>.Panel(rows, a, aRow, aStep, b, bStep, depth, c, cRow, accumulate);
    }

    /// <summary>C[rows, 32·(last − first)] = A[rows, depth] · B, for the panels [first, last) of a packed B; C's column 0 is panel 0's.</summary>
    public static void Panels(int first, int last, int rows, float* a, nint aRow, float* packed, int depth, float* c, nint cRow, bool accumulate)
    {
        for (int k = 0; k < depth; k += DepthBlock)
        {
            int steps = Math.Min(DepthBlock, depth - k);
            float* b = packed + ((((nint)first * depth) + k) * PanelWidth);
            if (rows == 1)
                RowOfPanels(last - first, a + k, b, (nint)depth * PanelWidth, steps, c + (first * PanelWidth), accumulate || k > 0);
            else
                for (int p = first; p < last; p++, b += (nint)depth * PanelWidth)
                    Panel(rows, a + k, aRow, 1, b, PanelWidth, steps, c + (p * PanelWidth), cRow, accumulate || k > 0);
        }
    }

    private static void RowOfPanels(int panels, float* a, float* b, nint panelStride, int depth, float* c, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
            MicroKernel<Lanes512, Vector512<float>>.Row(a, b, panelStride, panels, depth, c, accumulate);
        else if (Vector256.IsHardwareAccelerated)
            MicroKernel<Lanes256, Vector256<float>>.Row(a, b, panelStride, panels, depth, c, accumulate);
        else
            MicroKernel<Lanes128, Vector128<float>>.Row(a, b, panelStride, panels, depth, c, accumulate);
    }

    /// <summary>
    /// C[rowStart … rowEnd, columns] += Aᵀ · B, with A [depth, ≥ rowEnd] and B [depth, ≥ columns], both read in place: the weight gradient,
    /// a sum over all steps of all sequences. Rows may be read up to 32 floats beyond what is used, A's from <paramref name="rowEnd"/> and B's from
    /// <paramref name="columns"/> on.
    /// </summary>
    public static void AddTransposed(int rowStart, int rowEnd, int columns, int depth, float* a, nint aStep, float* b, nint bStep, float* c, nint cRow)
    {
        if (columns < NarrowColumns)
        {
            AddTransposedNarrow(rowStart, rowEnd, columns, depth, a, aStep, b, bStep, c, cRow, chained: true);
            return;
        }
        for (int k = 0; k < depth; k += DepthBlock)
        {
            int block = Math.Min(DepthBlock, depth - k);
            for (int row = rowStart; row < rowEnd; row += RowBlock)
                AddTransposedBlock(row, Math.Min(row + RowBlock, rowEnd), columns, block, a + k * aStep, aStep, b + k * bStep, bStep, c, cRow);
        }
    }

    /// <summary>
    /// The same product of a few columns, with the vectors along C's rows. <paramref name="chained"/>: an element's chain goes on from what C holds;
    /// otherwise it begins at zero and is added to that, as a panel's.
    /// </summary>
    private static void AddTransposedNarrow(
        int rowStart, int rowEnd, int columns, int depth, float* a, nint aStep, float* b, nint bStep, float* c, nint cRow, bool chained)
    {
        float* tile = stackalloc float[NarrowColumns * PanelWidth];
        for (int row = rowStart; row < rowEnd; row += PanelWidth)
        {
            int width = Math.Min(PanelWidth, rowEnd - row);
            for (int r = 0; r < width && chained; r++)
                for (int j = 0; j < columns; j++)
                    tile[(j * PanelWidth) + r] = c[((row + r) * cRow) + j];
            Panel(columns, b, 1, bStep, a + row, aStep, depth, tile, PanelWidth, accumulate: chained);
            for (int r = 0; r < width; r++)
                for (int j = 0; j < columns; j++)
                {
                    float sum = tile[(j * PanelWidth) + r];
                    float* to = c + ((row + r) * cRow) + j;
                    *to = chained ? sum : *to + sum;
                }
        }
    }

    private static void AddTransposedBlock(int rowStart, int rowEnd, int columns, int depth, float* a, nint aStep, float* b, nint bStep, float* c, nint cRow)
    {
        float* tile = stackalloc float[RowBlock * PanelWidth];
        int rows = rowEnd - rowStart, column = 0;
        for (; columns - column > NarrowColumns; column += PanelWidth)
        {
            Panel(rows, a + rowStart, 1, aStep, b + column, bStep, depth, tile, PanelWidth, accumulate: false);
            AddTile(rows, Math.Min(PanelWidth, columns - column), tile, c + (rowStart * cRow) + column, cRow);
        }
        if (column < columns)
            AddTransposedNarrow(rowStart, rowEnd, columns - column, depth, a, aStep, b + column, bStep, c + column, cRow, chained: false);
    }

    private static void AddTile(int rows, int width, float* tile, float* c, nint cRow)
    {
        for (int r = 0; r < rows; r++, tile += PanelWidth, c += cRow)
        {
            int j = 0;
            for (; j + 8 <= width; j += 8)
                (Vector256.Load(c + j) + Vector256.Load(tile + j)).Store(c + j);
            for (; j < width; j++)
                c[j] += tile[j];
        }
    }
}
