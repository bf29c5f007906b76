namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Whether a series is better learned as logarithms: where its swing grows with its level. Compared are the mean absolute changes a season apart
/// while the level is high and while it is low, of the values and of their logarithms; those whose ratio is nearer to 1 are the evener. A simpler
/// relative of Guerrero's choice of a power transform (1993), which it agrees with on series of several seasons, and robust where seasons are short.
/// </summary>
internal static class Logarithms
{
    // Between so few changes chance decides, and between values so near each other a logarithm is a straight line.
    private const int LeastChanges = 16;
    private const double LeastRange = 1.5, LeastGain = 0.05;

    /// <summary>Whether logarithms make the changes evener.</summary>
    /// <param name="values">Values in the order of time; NaN is missing.</param>
    /// <param name="season">The season's length in rows; 1 if there is none.</param>
    public static bool Suit(ReadOnlySpan<float> values, int season)
    {
        if (Smallest(values) is not (> 0 and var smallest) || Largest(values) < LeastRange * smallest)
            return false;
        var pairs = new List<(double Before, double After)>();
        for (int i = season; i < values.Length; i++)
            if (float.IsFinite(values[i]) && float.IsFinite(values[i - season]))
                pairs.Add((values[i - season], values[i]));
        if (pairs.Count < LeastChanges)
            return false;
        double[] levels = [.. pairs.Select(pair => pair.Before + pair.After).Order()];
        double middle = levels[levels.Length / 2];
        double changes = Unevenness(pairs, middle, (before, after) => after - before);
        double logarithms = Unevenness(pairs, middle, (before, after) => Math.Log(after / before));
        return logarithms + LeastGain < changes;
    }

    /// <summary>The smallest known value; null without any.</summary>
    public static float? Smallest(ReadOnlySpan<float> values)
    {
        float? smallest = null;
        foreach (float value in values)
            if (float.IsFinite(value) && !(value >= smallest))
                smallest = value;
        return smallest;
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = float.NegativeInfinity;
        foreach (float value in values)
            if (float.IsFinite(value))
                largest = Math.Max(largest, value);
        return largest;
    }

    // |ln| of the ratio of the mean absolute changes above and below the middle level; where nothing changes on a side, even.
    private static double Unevenness(List<(double Before, double After)> pairs, double middle, Func<double, double, double> change)
    {
        double high = 0, low = 0;
        int highs = 0, lows = 0;
        foreach ((double before, double after) in pairs)
        {
            double size = Math.Abs(change(before, after));
            (high, highs, low, lows) = before + after > middle ? (high + size, highs + 1, low, lows) : (high, highs, low + size, lows + 1);
        }
        return high > 0 && low > 0 ? Math.Abs(Math.Log(high / highs / (low / lows))) : 0;
    }
}
