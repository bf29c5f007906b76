namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The unit in which a channel is learned, so that channels of unequal level and spread count alike.</summary>
internal static class ChannelUnit
{
    /// <summary>
    /// The mean absolute change a season apart, the seasonal-naive forecast's error; where that is next to nothing, the change from row to row; of a series that never changes, a millionth
    /// of its values, so that whatever a network says of it is the constant. Always positive and finite.
    /// </summary>
    public static float Of(ReadOnlySpan<float> values, int season)
    {
        double unit = Season.NaiveError(values, season);
        double change = Season.NaiveError(values, 1);
        // A season that repeats exactly leaves no unit of its own.
        if (!(unit > 0.01 * change))
            unit = change;
        if (!(unit > 0))
            unit = 1e-6 * MeanMagnitude(values);
        float result = (float)unit;
        return result > 0 && float.IsFinite(result) ? result : 1;
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
