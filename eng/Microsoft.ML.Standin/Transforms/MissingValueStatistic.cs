using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>The mean, the smallest, largest or most frequent of the values that are not missing.</summary>
internal sealed class MissingValueStatistic<T>(MissingValueReplacingEstimator.ReplacementMode mode)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<T, int> _counts = [];
    private double _mean;
    private long _count;
    private long _zeros;
    private T _min = T.PositiveInfinity;
    private T _max = T.NegativeInfinity;
    private T _mode;
    private int _modeCount;

    public T Result => mode switch
    {
        MissingValueReplacingEstimator.ReplacementMode.Mean => Mean,
        MissingValueReplacingEstimator.ReplacementMode.Minimum => _min,
        MissingValueReplacingEstimator.ReplacementMode.Maximum => _max,
        _ => _mode,
    };

    private T Mean => _count + _zeros == 0 ? T.Zero : T.CreateTruncating(_mean * ((double)_count / (_count + _zeros)));

    public void Add(T value)
    {
        // Every comparison with a missing value is false.
        if (value < _min)
            _min = value;
        if (value > _max)
            _max = value;
        if (!T.IsFinite(value))
            return;
        if (mode == MissingValueReplacingEstimator.ReplacementMode.Mode)
            Count(value);
        if (value == T.Zero)
            _zeros++;
        else
            _mean += (double.CreateTruncating(value) - _mean) / ++_count;
    }

    private void Count(T value)
    {
        int count = _counts[value] = _counts.GetValueOrDefault(value) + 1;
        if (count <= _modeCount)
            return;
        _mode = value;
        _modeCount = count;
    }
}
