using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>A named parameter and its gradient: a matrix W [rows, columns], or a vector b [rows].</summary>
internal sealed class Parameter(ParameterSlice slice, double[] values, double[] gradients)
{
    private readonly int _rows = slice.Shape[0];
    private readonly int _columns = slice.Shape.Count == 2 ? slice.Shape[1] : 1;

    /// <summary>A copy of row <paramref name="row"/>.</summary>
    public double[] Row(int row) => values[Range(row)];

    public void RowBackward(int row, double[] dy) => AddToGradient(row * _columns, dy);

    /// <summary>The vector itself.</summary>
    public double[] Vector() => values[slice.Offset..(slice.Offset + slice.Length)];

    public void VectorBackward(double[] dy) => AddToGradient(0, dy);

    /// <summary>y = W x.</summary>
    public double[] Times(double[] x)
    {
        var y = new double[_rows];
        for (int r = 0; r < _rows; r++)
            for (int c = 0; c < _columns; c++)
                y[r] += values[slice.Offset + r * _columns + c] * x[c];
        return y;
    }

    /// <summary>dW += dy xᵀ; dx = Wᵀ dy.</summary>
    public double[] TimesBackward(double[] x, double[] dy)
    {
        var dx = new double[_columns];
        for (int r = 0; r < _rows; r++)
            for (int c = 0; c < _columns; c++)
            {
                gradients[slice.Offset + r * _columns + c] += dy[r] * x[c];
                dx[c] += values[slice.Offset + r * _columns + c] * dy[r];
            }
        return dx;
    }

    private Range Range(int row) => (slice.Offset + row * _columns)..(slice.Offset + (row + 1) * _columns);

    private void AddToGradient(int start, double[] dy)
    {
        for (int i = 0; i < dy.Length; i++)
            gradients[slice.Offset + start + i] += dy[i];
    }
}
