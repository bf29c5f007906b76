namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The unit in which a channel is learned, so that channels of unequal level and spread count alike.</summary>
internal static class ChannelUnit
{
    /// <summary>
    /// The mean absolute change a season apart, the seasonal-naive forecast's error; where nothing changes, that from row to row, then the mean magnitude of the values, then 1.
    /// Always positive and finite.
    /// </summary>
    public static float Of(ReadOnlySpan<float> values, int season)
    {
        double unit = Season.NaiveError(values, season);
        if (!(unit > 0))
            unit = Season.NaiveError(values, 1);
        if (!(unit > 0))
            unit = MeanMagnitude(values);
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
