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

    private const int HalfPanelWidth = PanelWidth / 2;

    /// <summary>
    /// The most rows of the result that are finished for all columns before the next, so that their part of A stays in the second-level cache.
    /// </summary>
    private const int RowBlock = 112;

    /// <summary>Panels that hold <paramref name="columns"/> columns.</summary>
    public static int Panels(int columns) => (columns + PanelWidth - 1) / PanelWidth;

    /// <summary><paramref name="columns"/> rounded up to whole panels: the row stride of every matrix that is written or read in panels.</summary>
    public static int Stride(int columns) => Panels(columns) * PanelWidth;

    /// <summary>
    /// C[rows, 32·(last − first)] = A[rows, depth] · B, for the panels [first, last) of a packed B; C's column 0 is panel 0's. Columns from <paramref name="columns"/>
    /// on, which are padding, may keep what they hold.
    /// </summary>
    public static void Panels(int first, int last, int columns, int rows, float* a, nint aRow, float* packed, int depth, float* c,
        nint cRow, bool accumulate) =>
        Panels(WeightPrecision.Single, Math.Min(last * PanelWidth, columns) - (first * PanelWidth), rows, a, aRow,
            packed + ((nint)first * depth * PanelWidth), (nint)depth * PanelWidth, depth, c + (first * PanelWidth), cRow, accumulate);

    /// <summary>
    /// C[rows, 32·(last − first)] = A[rows, K] · Wᵀ, for the panels [first, last) of W; C's column 0 is panel 0's. Halves of panels that
    /// are all padding cost nothing but zeros in C.
    /// </summary>
    public static void Panels(int first, int last, int rows, float* a, nint aRow, PackedMatrix w, float* c, nint cRow, bool accumulate) =>
        Panels(first, last, 0..w.Depth, rows, a, aRow, w, c, cRow, accumulate);

    /// <summary>The same with some of the columns of W, and an A of just these.</summary>
    public static void Panels(int first, int last, Range inputs, int rows, float* a, nint aRow, PackedMatrix w, float* c, nint cRow, bool accumulate)
    {
        (int skipped, int depth) = inputs.GetOffsetAndLength(w.Depth);
        bool isWhole = !w.HasEmptyHalves || w.Precision != WeightPrecision.Single || rows == 1;
        for (int end; first < last; first = end)
        {
            end = isWhole ? last : first + 1;
            if (isWhole || w.Halves(first) == PanelHalves.Both)
                Panels(w.Precision, (end - first) * PanelWidth, rows, a, aRow, w.Panel(first) + ((nint)skipped * w.PanelRow),
                    w.PanelLength, depth, c + (first * PanelWidth), cRow, accumulate);
            else
                ByHalves(w.Halves(first), rows, a, aRow, w.Panel(first) + ((nint)skipped * w.PanelRow), depth, c + (first * PanelWidth), cRow,
                    accumulate);
        }
    }

    /// <summary>
    /// C[rows, 32·(last − first)] = X · Wᵀ + H · Uᵀ, for the panels [first, last) of W and U, which lie in the same columns; C's column 0 is
    /// panel 0's. An element's chain is that of the first product and then of the second.
    /// </summary>
    public static void Panels(
        int first, int last, int rows, float* x, nint xRow, PackedMatrix w, float* h, nint hRow, PackedMatrix u, float* c, nint cRow)
    {
        if (rows == 1 || w.Precision != WeightPrecision.Single || Math.Max(w.Depth, u.Depth) > DepthBlock)
        {
            Panels(first, last, rows, x, xRow, w, c, cRow, accumulate: false);
            Panels(first, last, rows, h, hRow, u, c, cRow, accumulate: true);
            return;
        }
        Product* products = stackalloc Product[2];
        for (int panel = first; panel < last; panel++)
        {
            PanelHalves inW = w.Halves(panel), inU = u.Halves(panel);
            var ofW = new Product { A = x, AStride = xRow, B = w.Panel(panel), Depth = w.Depth };
            var ofU = new Product { A = h, AStride = hRow, B = u.Panel(panel), Depth = u.Depth };
            int width = inW == PanelHalves.Both && inU == PanelHalves.Both ? PanelWidth : HalfPanelWidth;
            for (int at = 0; at < PanelWidth; at += width, ofW.B += width, ofU.B += width)
            {
                int count = 0;
                if ((inW & HalfAt(at)) != 0)
                    products[count++] = ofW;
                if ((inU & HalfAt(at)) != 0)
                    products[count++] = ofU;
                float* to = c + (panel * PanelWidth) + at;
                if (count > 0)
                    Panel(rows, products, count, to, cRow, accumulate: false, width);
                else
                    Clear(rows, to, cRow, width);
            }
        }
    }

    private static void ByHalves(PanelHalves halves, int rows, float* a, nint aRow, float* b, int depth, float* c, nint cRow, bool accumulate)
    {
        for (int at = 0; at < PanelWidth; at += HalfPanelWidth)
        {
            if ((halves & HalfAt(at)) == 0)
            {
                if (!accumulate)
                    Clear(rows, c + at, cRow, HalfPanelWidth);
                continue;
            }
            for (int k = 0; k < depth; k += DepthBlock)
            {
                var product = new Product { A = a + k, AStride = aRow, B = b + ((nint)k * PanelWidth) + at, Depth = Math.Min(DepthBlock, depth - k) };
                Panel(rows, &product, 1, c + at, cRow, accumulate || k > 0, HalfPanelWidth);
            }
        }
    }

    private static PanelHalves HalfAt(int column) => column < HalfPanelWidth ? PanelHalves.First : PanelHalves.Second;

    private static void Clear(int rows, float* c, nint cRow, int columns)
    {
        for (; rows > 0; rows--, c += cRow)
            new Span<float>(c, columns).Clear();
    }

    /// <summary>
    /// C[rows, 32] (+)= A · B + A' · B' + … for packed panels of floats. Of the columns at least the first <paramref name="columns"/>; others may
    /// keep what they hold.
    /// </summary>
    private static void Panel(int rows, Product* products, int count, float* c, nint cRow, bool accumulate, int columns)
    {
        if (IsForPairsOf16(columns))
            Panel<Lanes512, Vector512<float>>(rows, products, count, c, cRow, accumulate, columns);
        else if (Vector256.IsHardwareAccelerated)
            Panel<Lanes256, Vector256<float>>(rows, products, count, c, cRow, accumulate, columns);
        else
            Panel<Lanes128, Vector128<float>>(rows, products, count, c, cRow, accumulate, columns);
    }

    private static void Panel<L, V>(int rows, Product* products, int count, float* c, nint cRow, bool accumulate, int columns)
        where L : ILanes<V>
        where V : struct => MicroKernel<L, V>.Panel<FloatPanels<L, V>>(rows, products, count, c, cRow, accumulate, columns);

    /// <summary>The same of one product whose A is transposed: A(r, k) is at a[k·aStep + r], B(k, j) at b[k·bStep + j].</summary>
    private static void TransposedPanel(
        int rows, float* a, nint aStep, float* b, nint bStep, int depth, float* c, nint cRow, bool accumulate, int columns = PanelWidth)
    {
        var product = new Product { A = a, AStride = aStep, B = b, BStep = bStep, Depth = depth };
        if (IsForPairsOf16(columns))
            MicroKernel<Lanes512, Vector512<float>>.TransposedPanel(rows, product, c, cRow, accumulate, columns);
        else if (Vector256.IsHardwareAccelerated)
            MicroKernel<Lanes256, Vector256<float>>.TransposedPanel(rows, product, c, cRow, accumulate, columns);
        else
            MicroKernel<Lanes128, Vector128<float>>.TransposedPanel(rows, product, c, cRow, accumulate, columns);
    }

    // Half a panel is two vectors of eight; of a pair of sixteen, one would be computed for nothing.
    private static bool IsForPairsOf16(int columns) => Vector512.IsHardwareAccelerated && columns > HalfPanelWidth;

    private static void Panels(
        WeightPrecision precision, int columns, int rows, float* a, nint aRow, float* b, nint panelStride, int depth, float* c, nint cRow,
            bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
            Panels<Lanes512, Vector512<float>>(precision, columns, rows, a, aRow, b, panelStride, depth, c, cRow, accumulate);
        else if (Vector256.IsHardwareAccelerated)
            Panels<Lanes256, Vector256<float>>(precision, columns, rows, a, aRow, b, panelStride, depth, c, cRow, accumulate);
        else
            Panels<Lanes128, Vector128<float>>(precision, columns, rows, a, aRow, b, panelStride, depth, c, cRow, accumulate);
    }

    private static void Panels<L, V>(
        WeightPrecision precision, int columns, int rows, float* a, nint aRow, float* b, nint panelStride, int depth, float* c, nint cRow,
            bool accumulate)
        where L : ILanes<V>
        where V : struct
    {
        if (precision == WeightPrecision.BFloat16)
            Panels<L, V, BFloat16Panels<L, V>>(columns, rows, a, aRow, b, panelStride, depth, c, cRow, accumulate);
        else
            Panels<L, V, FloatPanels<L, V>>(columns, rows, a, aRow, b, panelStride, depth, c, cRow, accumulate);
    }

    private static void Panels<L, V, F>(int columns, int rows, float* a, nint aRow, float* b, nint panelStride, int depth, float* c,
        nint cRow, bool accumulate)
        where L : ILanes<V>
        where V : struct
        where F : struct, IPanelFormat<V>
    {
        for (int k = 0; k < depth; k += DepthBlock)
        {
            var product = new Product { A = a + k, AStride = aRow, B = b + ((nint)k * F.Row), Depth = Math.Min(DepthBlock, depth - k) };
            if (rows == 1)
            {
                MicroKernel<L, V>.Row<F>(product.A, product.B, panelStride, Panels(columns), product.Depth, c, accumulate || k > 0);
                continue;
            }
            int column = 0;
            for (; columns - column > HalfPanelWidth; column += PanelWidth, product.B += panelStride)
                MicroKernel<L, V>.Panel<F>(rows, &product, 1, c + column, cRow, accumulate || k > 0);
            // Of floats: other panels are whole.
            if (column < columns)
                Panel(rows, &product, 1, c + column, cRow, accumulate || k > 0, columns - column);
        }
    }

    /// <summary>
    /// C[rowStart … rowEnd, columns] += Aᵀ · B, with A [depth, ≥ rowEnd] and B [depth, ≥ columns], both read in place: the weight gradient,
    /// a sum over all steps of all sequences. Rows may be read up to 32 floats beyond what is used, A's from <paramref name="rowEnd"/> and B's from
    /// <paramref name="columns"/> on.
    /// </summary>
    public static void AddTransposed(int rowStart, int rowEnd, int columns, int depth, float* a, nint aStep, float* b, nint bStep,
        float* c, nint cRow)
    {
        if (columns < NarrowColumns)
        {
            AddTransposedNarrow(rowStart, rowEnd, columns, depth, a, aStep, b, bStep, c, cRow, chained: true);
            return;
        }
        int rows = rowEnd - rowStart, blocks = (rows + RowBlock - 1) / RowBlock;
        for (int k = 0; k < depth; k += DepthBlock)
        {
            int block = Math.Min(DepthBlock, depth - k);
            for (int i = 0; i < blocks; i++)
                AddTransposedBlock(rowStart + (rows * i / blocks), rowStart + (rows * (i + 1) / blocks), columns, block,
                    a + k * aStep, aStep, b + k * bStep, bStep, c, cRow);
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
            TransposedPanel(columns, b, bStep, a + row, aStep, depth, tile, PanelWidth, accumulate: chained);
            for (int r = 0; r < width; r++)
                for (int j = 0; j < columns; j++)
                {
                    float sum = tile[(j * PanelWidth) + r];
                    float* to = c + ((row + r) * cRow) + j;
                    *to = chained ? sum : *to + sum;
                }
        }
    }

    private static void AddTransposedBlock(int rowStart, int rowEnd, int columns, int depth, float* a, nint aStep, float* b,
        nint bStep, float* c, nint cRow)
    {
        float* tile = stackalloc float[RowBlock * PanelWidth];
        int rows = rowEnd - rowStart, column = 0;
        for (; columns - column > NarrowColumns; column += PanelWidth)
        {
            TransposedPanel(rows, a + rowStart, aStep, b + column, bStep, depth, tile, PanelWidth, accumulate: false, columns - column);
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
