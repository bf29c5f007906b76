namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// Whether one forecast is better than a simpler one, or only luckier: by a paired t-test on windows that neither has learned from. Neighbouring windows
/// share what is to be forecast, so that blocks of them are compared rather than windows.
/// </summary>
internal static class PairedGains
{
    // As many as tell the standard error well.
    private const int MostBlocks = 32;

    /// <summary>Student's t that chance exceeds once in twenty times, by degrees of freedom from 1.</summary>
    public static ReadOnlySpan<double> OnceInTwenty =>
    [
        6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.740, 1.734, 1.729, 1.725, 1.721, 1.717,
        1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697, 1.696,
    ];

    /// <summary>Student's t that chance exceeds once in ten times.</summary>
    public static ReadOnlySpan<double> OnceInTen =>
    [
        3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341, 1.337, 1.333, 1.330, 1.328, 1.325, 1.323, 1.321,
        1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310, 1.309,
    ];

    /// <summary>How many blocks windows that follow each other are compared in: in each at least one horizon, if there are two at all.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="horizon">By how many places windows are apart that share no value that is forecast.</param>
    public static int BlockCount(int windows, int horizon) => Math.Min(windows, Math.Clamp(windows / horizon, 2, MostBlocks));

    /// <summary>The first window of a block; of the one after the last: the number of windows.</summary>
    public static int BlockStart(int block, int blocks, int windows) => (int)((long)block * windows / blocks);

    /// <summary>By how much the mean error of each block falls.</summary>
    public static double[] ByBlock(ReadOnlySpan<double> before, ReadOnlySpan<double> after, int horizon)
    {
        double[] gains = new double[BlockCount(before.Length, horizon)];
        for (int block = 0, window = 0; block < gains.Length; block++)
        {
            int start = window, end = BlockStart(block + 1, gains.Length, before.Length);
            for (; window < end; window++)
                gains[block] += (before[window] - after[window]) / (end - start);
        }
        return gains;
    }

    /// <summary>Whether gains are more than chance; not where there is one alone.</summary>
    /// <param name="gains">One for each block.</param>
    /// <param name="critical">How often chance may pass: <see cref="OnceInTwenty"/> or <see cref="OnceInTen"/>.</param>
    public static bool AreSignificant(ReadOnlySpan<double> gains, ReadOnlySpan<double> critical)
    {
        if (gains.Length < 2)
            return false;
        double mean = 0, squares = 0;
        foreach (double gain in gains)
            mean += gain / gains.Length;
        foreach (double gain in gains)
            squares += (gain - mean) * (gain - mean);
        return mean > critical[Math.Min(gains.Length - 1, critical.Length) - 1] * Math.Sqrt(squares / (gains.Length - 1) / gains.Length);
    }
}
