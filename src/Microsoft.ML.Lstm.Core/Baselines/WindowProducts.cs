using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// The products that a linear regression from windows to horizons is solved from: with rows x = [z, 1] and y, as
/// <see cref="IRegressionWindows"/> has them, XᵀX [L + 1, L + 1], XᵀY [L + 1, H] and Σ y². Computed in blocks of floats, summed in double.
/// </summary>
internal sealed unsafe class WindowProducts(int length, int horizon)
{
    private const int Block = 512;
    private readonly int _columns = length + 1, _xRow = Gemm.Stride(length + 1), _yRow = Gemm.Stride(horizon);
    private readonly double[][] _xx = Zeros(length + 1, length + 1), _xy = Zeros(length + 1, horizon);
    private readonly FloatBuffer _x = new(Block * Gemm.Stride(length + 1)), _y = new(Block * Gemm.Stride(horizon));
    private readonly FloatBuffer _product = new((length + 1) * Math.Max(Gemm.Stride(length + 1), Gemm.Stride(horizon)));
    private double _yy;
    private long _count;
    private int _pending;

    /// <summary>Adds windows.</summary>
    public void Add(IRegressionWindows windows) => Add(windows, 0, windows.Count);

    /// <summary>Adds windows first … end − 1.</summary>
    public void Add(IRegressionWindows windows, int first, int end)
    {
        Append(windows, first, end);
        Flush();
    }

    /// <summary>
    /// Adds windows first … end − 1 to those appended before: where one call ends and the next begins changes no bit. <see cref="Flush"/>
    /// ends the last block.
    /// </summary>
    public void Append(IRegressionWindows windows, int first, int end)
    {
        for (int window = first; window < end; window++)
        {
            Span<float> y = new(_y.Pointer + (_pending * _yRow), horizon);
            windows.Fill(window, new Span<float>(_x.Pointer + (_pending * _xRow), _columns), y);
            foreach (float value in y)
                _yy += (double)value * value;
            if (++_pending == Block)
                Flush();
        }
    }

    /// <summary>Takes in what is appended and fills no block.</summary>
    public void Flush()
    {
        if (_pending == 0)
            return;
        AddProduct(_columns, _pending, _x.Pointer, _xRow, _xx);
        AddProduct(horizon, _pending, _y.Pointer, _yRow, _xy);
        (_count, _pending) = (_count + _pending, 0);
    }

    /// <summary>Adds the products of other windows.</summary>
    public void Add(WindowProducts other)
    {
        for (int i = 0; i < _columns; i++)
        {
            for (int j = 0; j < _columns; j++)
                _xx[i][j] += other._xx[i][j];
            for (int h = 0; h < horizon; h++)
                _xy[i][h] += other._xy[i][h];
        }
        (_yy, _count) = (_yy + other._yy, _count + other._count);
    }

    /// <summary>The weights W, [L + 1, H], the intercepts last, with the least Σ ‖y − Wx‖² + λ‖W − W₀‖²; the intercepts are not penalised.</summary>
    /// <param name="penalty">λ in units of the windows' mean square, times their number.</param>
    /// <param name="toward">W₀, which the weights shrink towards, [L + 1, H]: those of a forecast that needs no learning.</param>
    public double[][] Solve(double penalty, double[][] toward) => SolveEach(penalty, [toward])[0];

    /// <summary>The same towards several W₀, by one factorisation.</summary>
    public double[][][] SolveEach(double penalty, IReadOnlyList<double[][]> toward)
    {
        double trace = 0;
        for (int i = 0; i < length; i++)
            trace += _xx[i][i] / length;
        (double[][] factor, double ridge) = Factor((penalty * trace) + 1e-12 + (1e-9 * _count));
        return [.. toward.Select(Solution)];

        double[][] Solution(double[][] toward)
        {
            double[][] solution = [.. _xy.Select(row => (double[])row.Clone())];
            for (int i = 0; i < length; i++)
                Cholesky.AddScaled(solution[i], toward[i], ridge);
            Cholesky.Solve(factor, solution);
            return solution;
        }
    }

    // Products of floats are not exactly symmetric positive: a matrix of nearly dependent columns may need a larger ridge than was asked for.
    private (double[][] Factor, double Ridge) Factor(double ridge)
    {
        for (; ; ridge *= 10)
        {
            double[][] factor = [.. _xx.Select(row => (double[])row.Clone())];
            for (int i = 0; i < length; i++)
                factor[i][i] += ridge;
            factor[length][length] += 1e-9 + (1e-9 * factor[length][length]);
            if (Cholesky.TryFactor(factor))
                return (factor, ridge);
        }
    }

    /// <summary>Σ ‖y − Wx‖² of these windows: Σ y² − 2 tr(Wᵀ·XᵀY) + tr(Wᵀ·XᵀX·W).</summary>
    public double SquaredError(double[][] weights)
    {
        double error = _yy;
        double[] product = new double[horizon];
        for (int i = 0; i < _columns; i++)
        {
            Array.Clear(product);
            Cholesky.AddScaled(product, weights, 0, _xx[i]);
            for (int h = 0; h < horizon; h++)
                error += weights[i][h] * (product[h] - (2 * _xy[i][h]));
        }
        return error;
    }

    private void AddProduct(int columns, int rows, float* b, int bRow, double[][] to)
    {
        int stride = Gemm.Stride(columns);
        _product.Span.Clear();
        Gemm.AddTransposed(0, _columns, columns, rows, _x.Pointer, _xRow, b, bRow, _product.Pointer, stride);
        for (int i = 0; i < _columns; i++)
            for (int j = 0; j < columns; j++)
                to[i][j] += _product.Pointer[(i * stride) + j];
    }

    private static double[][] Zeros(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];
}
