namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Mean and variance of columns in one pass, in double, of the differences from each column's first value: a constant column so has
/// variance exactly 0, and a large mean does not drown a small spread.
/// </summary>
internal sealed class ColumnMoments(int columns, string what)
{
    private readonly double[] _first = new double[columns];
    private readonly double[] _sum = new double[columns];
    private readonly double[] _squares = new double[columns];
    private long _rows;

    public void Add(ReadOnlySpan<float> rows)
    {
        if (columns == 0)
            return;
        for (int start = 0; start < rows.Length; start += columns, _rows++)
        {
            for (int c = 0; c < columns; c++)
            {
                float value = rows[start + c];
                if (!float.IsFinite(value))
                    throw new ArgumentException($"The {what} {c} is {value} in row {_rows}; expected a finite number.");
                if (_rows == 0)
                    _first[c] = value;
                double difference = value - _first[c];
                _sum[c] += difference;
                _squares[c] += difference * difference;
            }
        }
    }

    public FeatureScaling ToScaling()
    {
        if (_rows == 0)
            throw new ArgumentException($"The dataset has no {what} to measure; expected at least one example with one.");
        float[] mean = new float[columns], scale = new float[columns];
        for (int c = 0; c < columns; c++)
        {
            double shift = _sum[c] / _rows, variance = Math.Max(0, _squares[c] / _rows - shift * shift);
            float deviation = (float)Math.Sqrt(variance);
            mean[c] = (float)(_first[c] + shift);
            scale[c] = deviation > 0 ? deviation : 1;
        }
        return new FeatureScaling(mean, scale);
    }
}
