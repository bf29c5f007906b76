namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Which series each of several processes holds: consecutive ones, of as many rows as may be in each.</summary>
internal static class SeriesShares
{
    /// <summary>
    /// The first series of each process, and the number of all at the end: a series is in the process whose equal share of the rows its
    /// middle falls into.
    /// </summary>
    /// <param name="rows">Rows of each series.</param>
    /// <param name="processes">How many processes there are.</param>
    public static int[] FirstsOf(IReadOnlyList<int> rows, int processes)
    {
        long all = rows.Sum(count => (long)count), before = 0;
        int[] firsts = new int[processes + 1];
        int owner = 0;
        for (int series = 0; series < rows.Count; series++)
        {
            int own = (int)((Int128)((2 * before) + rows[series]) * processes / Math.Max(1, 2 * all));
            while (owner < own)
                firsts[++owner] = series;
            before += rows[series];
        }
        firsts.AsSpan(owner + 1).Fill(rows.Count);
        return firsts;
    }
}
