using System.Runtime.Intrinsics;
using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>Every kernel at every width of vectors on arrays of every small size, each at the edge of memory that it must not touch.</summary>
internal sealed unsafe class GuardedKernels : IDisposable
{
    // As many arrays as the kernel with the most takes.
    private const int Arrays = 18, Panel = Gemm.PanelWidth, Most = 70, Rows = 37;
    private readonly GuardedPages[] _pages = [.. Enumerable.Range(0, Arrays).Select(_ => new GuardedPages(1 << 15))];
    private readonly bool _atEnd;
    private int _taken;

    private GuardedKernels(bool atEnd) => _atEnd = atEnd;

    /// <summary>Returns if no kernel goes beyond its arrays, at their ends and at their beginnings; otherwise the process ends.</summary>
    public static void RunAsChild()
    {
        foreach (bool atEnd in (bool[])[true, false])
        {
            using var kernels = new GuardedKernels(atEnd);
            kernels.Run<Lanes128, Vector128<float>>();
            kernels.Run<Lanes256, Vector256<float>>();
            kernels.Run<Lanes512, Vector512<float>>();
            for (int n = 1; n <= Most; n++)
            {
                kernels.RowKernels(n);
                kernels.Matrices(n);
            }
        }
    }

    public void Dispose()
    {
        foreach (GuardedPages pages in _pages)
            pages.Dispose();
    }

    private float* Floats(int length) => _pages[_taken++ % _pages.Length].Floats(length, _atEnd);

    private void Run<L, V>()
        where L : ILanes<V>
        where V : struct
    {
        for (int rows = 1; rows <= Rows; rows++)
        {
            foreach ((CellKind cell, int width) in ((CellKind, int)[])[(CellKind.Lstm, 8), (CellKind.Lstm, 16), (CellKind.Gru, 8), (CellKind.Gru, 16), (CellKind.RnnTanh, 32), (CellKind.RnnRelu, 32)])
            {
                if (width % L.Count != 0)
                    continue;
                CellKernels.Forward<L, V>(cell, Tile(cell, rows, width, ownBias: false));
                CellKernels.Forward<L, V>(cell, Tile(cell, rows, width, ownBias: true));
                CellKernels.Backward<L, V>(cell, GradientTile(cell, rows, width));
            }
            foreach (int depth in (int[])[1, 2, 19])
            {
                Product<L, V, FloatPanels<L, V>>(rows, depth);
                Product<L, V, BFloat16Panels<L, V>>(rows, depth);
            }
        }
        for (int width = 16; width <= Most; width += L.Count)
            Normalized<L, V>(width);
    }

    private CellTile Tile(CellKind cell, int rows, int width, bool ownBias)
    {
        int columns = width * CellKernels.Slots(cell);
        return new CellTile
        {
            Rows = rows,
            Width = width,
            Gates = Floats(rows * columns),
            GatesRow = columns,
            Bias = Floats(ownBias ? rows * columns : columns),
            BiasRow = ownBias ? columns : 0,
            PreviousH = Floats(rows * width),
            H = Floats(rows * width),
            HRow = width,
            PreviousC = Floats(rows * width),
            C = Floats(rows * width),
            CRow = width,
        };
    }

    private CellGradientTile GradientTile(CellKind cell, int rows, int width)
    {
        int columns = width * CellKernels.Slots(cell), gradientColumns = width * (cell == CellKind.Lstm ? 4 : cell == CellKind.Gru ? 3 : 1);
        return new CellGradientTile
        {
            Rows = rows,
            Width = width,
            Gates = Floats(rows * columns),
            GatesRow = columns,
            PreviousH = Floats(rows * width),
            H = Floats(rows * width),
            HRow = width,
            PreviousC = Floats(rows * width),
            C = Floats(rows * width),
            CRow = width,
            DOutput = Floats(rows * width),
            DOutputRow = width,
            DH = Floats(rows * width),
            DC = Floats(rows * width),
            DStateRow = width,
            DGates = Floats(rows * gradientColumns),
            DRecurrentGates = Floats(rows * gradientColumns),
            DGatesRow = gradientColumns,
            DGatesStride = width,
        };
    }

    private void Normalized<L, V>(int width)
        where L : ILanes<V>
        where V : struct
    {
        var row = new NormalizedLstmRow
        {
            Width = width,
            FromInput = Floats(4 * width),
            FromState = Floats(4 * width),
            InputGain = Floats(4 * width),
            StateGain = Floats(4 * width),
            Bias = Floats(4 * width),
            Gates = Floats(4 * width),
            CellGain = Floats(width),
            CellShift = Floats(width),
            PreviousC = Floats(width),
            C = Floats(width),
            NormalizedC = Floats(width),
            H = Floats(width),
            DOutput = Floats(width),
            DH = Floats(width),
            DC = Floats(width),
            DGates = Floats(4 * width),
            DShifted = Floats(width),
            DCell = Floats(width),
        };
        NormalizedLstmCell<L, V>.Gates(row);
        NormalizedLstmCell<L, V>.Output(row);
        NormalizedLstmCell<L, V>.OutputBackward(row);
        NormalizedLstmCell<L, V>.GatesBackward(row);
    }

    /// <summary>A panel of a product of several rows, and some panels of one of a single row.</summary>
    private void Product<L, V, F>(int rows, int depth)
        where L : ILanes<V>
        where V : struct
        where F : struct, IPanelFormat<V>
    {
        const int cRow = Panel + 5;
        int panels = (rows % 9) + 1, length = depth * F.Row;
        Product* products = stackalloc Product[2];
        foreach (bool accumulate in (bool[])[false, true])
        {
            float* c = Floats(((rows - 1) * cRow) + Panel);
            for (int i = 0; i < 2; i++)
                products[i] = new Product { A = Floats(rows * depth), AStride = depth, B = Floats(length), Depth = depth };
            MicroKernel<L, V>.Panel<F>(rows, products, 2, c, cRow, accumulate);
            var transposed = new Product { A = Floats(rows * depth), AStride = rows, B = Floats(depth * Panel), BStep = Panel, Depth = depth };
            MicroKernel<L, V>.TransposedPanel(rows, transposed, c, cRow, accumulate);
            MicroKernel<L, V>.Row<F>(Floats(depth), Floats(panels * length), length, panels, depth, Floats(panels * Panel), accumulate);
        }
    }

    private void RowKernels(int n)
    {
        RowMath.Multiply(Floats(n), Floats(n), Floats(n), n);
        RowMath.AddProduct(Floats(n), Floats(n), Floats(n), n);
        RowMath.Add(Floats(n), Floats(n), n);
        RowMath.Scale(Floats(n), 0.5f, n);
        RowMath.AddConstant(Floats(n), 0.5f, n);
        RowMath.Rectify(Floats(n), n);
        RowMath.ZeroWhereZero(Floats(n), Floats(n), n);
        RowMath.Sum(Floats(n), n);
        RowMath.Clamp(Floats(n), 0.5f, n);
        RowMath.SumOfSquares(Floats(n), n);
        for (int rows = 1; rows <= 9; rows++)
            RowMath.AddColumnSums(Floats(rows * n), n, rows, Floats(n), n);
        Normalization.Forward(Floats(n), n);
        Normalization.Backward(Floats(n), Floats(n), 1.5f, Floats(n), n);
        SoftmaxLoss.Softmax(Floats(n), n);
        SoftmaxLoss.CrossEntropy(Floats(n), n, n - 1, 0.1f, 1f, gradient: true);
    }

    /// <summary>Packing, and the transposed product, which may read 32 floats beyond what it uses.</summary>
    private void Matrices(int n)
    {
        const int depth = 3;
        for (int panel = 0; panel < Gemm.Panels(n); panel++)
        {
            int[] sources = [.. Enumerable.Range(panel * Panel, Panel).Select(j => j < n ? j : -1)];
            Packing.Panel(panel, Floats(depth * n), depth, n, Floats(depth * Panel));
            Packing.TransposedPanel(sources, Floats(n * depth), depth, Floats(depth * Panel));
            Packing.UnpackTransposed(sources, Floats(depth * Panel), depth, Floats(n * depth));
        }
        for (int columns = 1; columns <= Most; columns += 3)
            Gemm.AddTransposed(0, n, columns, depth, Floats((depth * n) + Panel), n, Floats((depth * columns) + Panel), columns, Floats(n * columns), columns);
    }
}
