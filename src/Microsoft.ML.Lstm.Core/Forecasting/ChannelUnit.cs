using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// How a channel's values are measured, so that channels of unequal level and spread count alike: as they are or as natural logarithms, and in
/// which unit. What is measured is m(y) = y, or ln max(y, floor).
/// </summary>
/// <param name="Size">The unit of what is measured; positive.</param>
/// <param name="Floor">The least value that a logarithm is taken of; 0: values are taken as they are.</param>
internal readonly record struct ChannelUnit(float Size, float Floor = 0)
{
    // Values below which nothing was seen: far enough below the smallest that a little less than it is still told apart.
    private const float FloorShare = 0.5f;

    /// <summary>The least floor there is.</summary>
    public const float LeastFloor = 1e-30f;

    /// <summary>Whether logarithms are taken.</summary>
    public bool IsLogarithmic => Floor > 0;

    /// <summary>Measures a channel.</summary>
    /// <param name="values">Its values in the order of time; NaN is missing.</param>
    /// <param name="season">The season's length in rows; 1 if there is none.</param>
    /// <param name="logarithmic">Whether to take logarithms; of a channel with a value that is not positive none are taken.</param>
    /// <param name="spreadShare">s in change^(1 − s) · spread^s, with spread the standard deviation: 0 to 1.</param>
    public static ChannelUnit Of(ReadOnlySpan<float> values, int season, bool logarithmic, double spreadShare)
    {
        if (!logarithmic || Logarithms.Smallest(values) is not (> 0 and var smallest))
            return new ChannelUnit(SizeOf(values, season, spreadShare));
        var unit = new ChannelUnit(1, Math.Max(FloorShare * smallest, LeastFloor));
        return unit with { Size = SizeOf(unit.Measured(values), season, spreadShare) };
    }

    /// <summary>m(y); NaN stays NaN.</summary>
    public float Measured(float value) => IsLogarithmic ? (float)Math.Log(Math.Max(value, Floor)) : value;

    /// <summary>m of each value.</summary>
    public float[] Measured(ReadOnlySpan<float> values)
    {
        float[] measured = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
            measured[i] = Measured(values[i]);
        return measured;
    }

    /// <summary>The value of which this is the measure.</summary>
    public double Restored(double measured) => IsLogarithmic ? Math.Min(Math.Exp(measured), float.MaxValue) : measured;

    // The mean absolute change a season apart, the seasonal-naive forecast's error; where that is next to nothing, the change from row to row; of
    // a series that never changes, a millionth of its values, so that whatever a network says of it is the constant. Always positive and finite.
    private static float SizeOf(ReadOnlySpan<float> values, int season, double spreadShare)
    {
        double unit = Season.NaiveError(values, season);
        double change = Season.NaiveError(values, 1);
        // A season that repeats exactly leaves no unit of its own.
        if (!(unit > 0.01 * change))
            unit = change;
        if (!(unit > 0))
            unit = 1e-6 * MeanMagnitude(values);
        if (spreadShare > 0 && SpreadOf(values) is > 0 and var spread)
            unit = Math.Pow(unit, 1 - spreadShare) * Math.Pow(spread, spreadShare);
        float result = (float)unit;
        return result > 0 && float.IsFinite(result) ? result : 1;
    }

    private static double SpreadOf(ReadOnlySpan<float> values)
    {
        var moments = new RunningMoments();
        foreach (float value in values)
            if (float.IsFinite(value))
                moments.Add(value);
        return Math.Sqrt(moments.Variance);
    }

    private static double MeanMagnitude(ReadOnlySpan<float> values)
    {
        double sum = 0;
        long count = 0;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                continue;
            sum += Math.Abs((double)value);
            count++;
        }
        return sum / count;
    }
}
