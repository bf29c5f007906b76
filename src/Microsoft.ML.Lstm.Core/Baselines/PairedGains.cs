namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// Whether one forecast is better than a simpler one, or only luckier: by a paired t-test on windows that neither has learned from. Neighbouring windows
/// share what is to be forecast, so that blocks of them are compared rather than windows.
/// </summary>
internal static class PairedGains
{
    // As many as tell the standard error well.
    private const int MostBlocks = 32;

    // Student's t that chance exceeds once in ten times, by degrees of freedom from 1: random walks stay with "no change", and what a network finds in a
    // series is not thrown away for want of windows to prove it on.
    private static readonly double[] s_critical =
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

    /// <summary>Whether gains, one for each block, are more than chance; not where there is one alone.</summary>
    public static bool AreSignificant(ReadOnlySpan<double> gains)
    {
        if (gains.Length < 2)
            return false;
        double mean = 0, squares = 0;
        foreach (double gain in gains)
            mean += gain / gains.Length;
        foreach (double gain in gains)
            squares += (gain - mean) * (gain - mean);
        return mean > s_critical[Math.Min(gains.Length - 1, s_critical.Length) - 1] * Math.Sqrt(squares / (gains.Length - 1) / gains.Length);
    }
}
