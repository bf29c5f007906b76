namespace Microsoft.ML.Lstm.Peers;

/// <summary>Results as a table of Markdown: a line for each peer of a workload.</summary>
internal static class ResultTable
{
    public static IEnumerable<string> Lines(IEnumerable<IReadOnlyList<SideResult>> workloads)
    {
        yield return "| workload | ours, ms | of peak | bytes a call | peer | peer, ms | of peak | ratio (range) |";
        yield return "|---|---|---|---|---|---|---|---|";
        foreach (IReadOnlyList<SideResult> sides in workloads)
        {
            string ours = Invariant($"| {sides[0].Workload} | {Milliseconds(sides[0])} | {sides[0].FractionOfPeak:0.00} | {sides[0].AllocatedBytes:0} ");
            foreach (SideResult peer in sides.Skip(1))
                yield return ours + Invariant($"| {peer.Side} | {Milliseconds(peer)} | {peer.FractionOfPeak:0.00} | {Ratio(peer)} |");
        }
    }

    private static string Milliseconds(SideResult side) => Invariant($"{side.MedianMs:G3}");

    private static string Ratio(SideResult peer)
    {
        IReadOnlyList<double> ratios = peer.Ratios;
        return Invariant($"{ratios[ratios.Count / 2]:0.00} ({ratios[0]:0.00}–{ratios[^1]:0.00})");
    }
}
