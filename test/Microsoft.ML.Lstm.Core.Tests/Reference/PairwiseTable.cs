namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>Chooses few rows, one value of each factor, such that every pair of values of two factors stands in some row.</summary>
internal static class PairwiseTable
{
    private const int Candidates = 60;

    public static List<string[]> Cover(string[][] factors, int seed)
    {
        var random = new Random(seed);
        var open = new HashSet<(string, string)>(Pairs(factors));
        var rows = new List<string[]>();
        while (open.Count > 0)
        {
            // Of some random rows that hold the first open pair, the one that closes most pairs.
            (string a, string b) = Pairs(factors).First(open.Contains);
            string[] best = Enumerable.Range(0, Candidates)
                .Select(_ => Array.ConvertAll(factors, values =>
                    values.Contains(a) ? a : values.Contains(b) ? b : values[random.Next(values.Length)]))
                .MaxBy(row => PairsOf(row).Count(open.Contains))!;
            rows.Add(best);
            open.ExceptWith(PairsOf(best));
        }
        return rows;
    }

    private static IEnumerable<(string, string)> Pairs(string[][] factors) =>
        from i in Enumerable.Range(0, factors.Length)
        from j in Enumerable.Range(i + 1, factors.Length - i - 1)
        from a in factors[i]
        from b in factors[j]
        select (a, b);

    internal static IEnumerable<(string, string)> PairsOf(string[] row) => Pairs(Array.ConvertAll(row, value => new[] { value }));
}
