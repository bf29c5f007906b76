namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// How good prediction intervals [l, u] of level 1 − α are: coverage, the share of values inside, and the mean scaled interval score
/// (u − l + (2/α)·max(0, l − y) + (2/α)·max(0, y − u)) / q (Gneiting and Raftery 2007, as M4 scales it).
/// </summary>
internal sealed class IntervalSums(double level)
{
    private long _count, _inside, _scaled;
    private double _score, _width;

    /// <summary>Share of values inside their interval; NaN if there is none.</summary>
    public double Coverage => (double)_inside / _count;

    /// <summary>Mean width of an interval, in the unit of the series.</summary>
    public double MeanWidth => _width / _count;

    /// <summary>The mean scaled interval score; NaN if there is none.</summary>
    public double MeanScaledIntervalScore => _score / _scaled;

    /// <summary>Adds one value and its interval; a missing one counts for nothing.</summary>
    public void Add(float actual, float lower, float upper, double scale)
    {
        if (!float.IsFinite(actual) || !float.IsFinite(lower) || !float.IsFinite(upper))
            return;
        double alpha = 1 - level, width = (double)upper - lower;
        _count++;
        _inside += lower <= actual && actual <= upper ? 1 : 0;
        _width += width;
        if (!(scale > 0))
            return;
        _scaled++;
        _score += (width + (2 / alpha * (Math.Max(0, (double)lower - actual) + Math.Max(0, (double)actual - upper)))) / scale;
    }
}
