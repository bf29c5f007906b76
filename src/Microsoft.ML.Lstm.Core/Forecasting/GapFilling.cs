namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>What stands in for missing values.</summary>
internal static class GapFilling
{
    /// <summary>Fills each NaN by the last known value before it; those at the beginning by the first known one.</summary>
    public static void FillLast(Span<float> values)
    {
        int first = FirstKnown(values);
        if (first < 0)
            return;
        values[..first].Fill(values[first]);
        for (int i = first + 1; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                values[i] = values[i - 1];
    }

    /// <summary>Fills each NaN between two known values by the straight line between them; those at the ends by the nearest known one.</summary>
    public static void FillLinear(Span<float> values)
    {
        int last = -1;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                continue;
            for (int gap = last + 1; last >= 0 && gap < i; gap++)
                values[gap] = (float)(values[last] + (((double)values[i] - values[last]) * (gap - last) / (i - last)));
            last = i;
        }
        FillLast(values);
    }

    private static int FirstKnown(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            if (float.IsFinite(values[i]))
                return i;
        return -1;
    }
}
