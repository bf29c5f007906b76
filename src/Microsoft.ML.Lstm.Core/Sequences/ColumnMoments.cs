using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Sequences;

/// <summary>Mean and variance of columns, all of whose numbers must be finite.</summary>
internal sealed class ColumnMoments(int columns, string what)
{
    private readonly RunningMoments[] _columns = new RunningMoments[columns];

    /// <summary>All that was found out up to now, for another process to go on with.</summary>
    public Span<byte> State => MemoryMarshal.AsBytes(_columns.AsSpan());

    public void Add(ReadOnlySpan<float> rows)
    {
        for (int i = 0, c = 0; i < rows.Length; i++)
        {
            if (!float.IsFinite(rows[i]))
                throw new ArgumentException(Invariant($"The {what} {c} is {rows[i]} in row {_columns[c].Count}; expected a finite number."));
            _columns[c].Add(rows[i]);
            if (++c == columns)
                c = 0;
        }
    }

    public FeatureScaling ToScaling()
    {
        if (_columns is not [{ Count: > 0 }, ..])
            throw new ArgumentException(Invariant($"The dataset has no {what} to measure; expected at least one example with one."));
        float[] mean = new float[columns], scale = new float[columns];
        for (int c = 0; c < columns; c++)
        {
            float deviation = (float)Math.Sqrt(_columns[c].Variance);
            mean[c] = (float)_columns[c].Mean;
            scale[c] = deviation > 0 ? deviation : 1;
        }
        return new FeatureScaling(mean, scale);
    }
}
