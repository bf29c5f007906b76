namespace Microsoft.ML.Lstm.Sequences;

public sealed partial class SequenceDataset
{
    /// <summary>
    /// Examples that a split leaves out between the two sides of each series, so that windows whose labels overlap are not on both: for labels of the
    /// next H rows and a stride of S, ⌈(H − 1) / S⌉. Default: 0.
    /// </summary>
    public int LabelGap { get; init; }

    /// <summary>
    /// Splits off the last examples of each series: the rest, and them, without the <see cref="LabelGap"/> between. One single example with targets at
    /// every step is split within.
    /// </summary>
    /// <param name="fraction">
    /// Fraction to split off, between 0 and 1, of all examples: what rounding takes from one series it gives to the next. At least one example (or
    /// step) stays on either side; a series too short for that is not split and counts to the first side. If all are, the last ones are split off whole.
    /// </param>
    /// <exception cref="ArgumentException">The fraction is out of range, or there is nothing to split.</exception>
    public (SequenceDataset First, SequenceDataset Last) SplitLast(double fraction)
    {
        if (Count == 1 && Shape.TargetEveryStep)
        {
            int steps = Length(0), held = CountOf(steps, fraction);
            return (Slice(0, 0, steps - held), Slice(0, steps - held, held));
        }
        CountOf(Count, fraction);
        return TrySplitLast(fraction, out SequenceDataset first, out SequenceDataset last)
            ? (first, last)
            : throw new ArgumentException(
                Invariant($"No series has more than {CountBySeries().Max()} examples; expected at least {LabelGap + 2} to split, since labels of {LabelGap + 1} examples overlap."), nameof(fraction));
    }

    /// <summary>Splits off the last examples of each series, as <see cref="SplitLast"/> does.</summary>
    /// <returns>Whether any series is long enough.</returns>
    internal bool TrySplitLast(double fraction, out SequenceDataset first, out SequenceDataset last)
    {
        int[] held = HeldOut(fraction), left = CountBySeries(), kept = [.. left.Zip(held, (all, some) => some > 0 ? Math.Max(0, all - some - LabelGap) : all)];
        var before = new List<ExampleEntry>(Count);
        var after = new List<ExampleEntry>(held.Sum());
        int[] seen = new int[left.Length];
        foreach (ExampleEntry entry in _entries)
        {
            int place = seen[entry.Series]++;
            if (place < kept[entry.Series])
                before.Add(entry);
            else if (place >= left[entry.Series] - held[entry.Series])
                after.Add(entry);
        }
        (first, last) = (new SequenceDataset(this, before), new SequenceDataset(this, after));
        return after.Count > 0;
    }

    /// <summary>How many of <paramref name="all"/> a fraction is; at least one stays on either side.</summary>
    internal static int CountOf(int all, double fraction)
    {
        if (!(fraction is > 0 and < 1))
            throw new ArgumentException(Invariant($"The fraction to split off is {fraction}; expected a value between 0 and 1."), nameof(fraction));
        if (all < 2)
            throw new ArgumentException(Invariant($"There are {all} examples to split; expected at least 2."), nameof(fraction));
        return Math.Clamp((int)Math.Round(all * fraction), 1, all - 1);
    }

    private int[] CountBySeries()
    {
        int[] counts = new int[_entries.Count == 0 ? 0 : _entries.Max(e => e.Series) + 1];
        foreach (ref readonly ExampleEntry entry in Entries)
            counts[entry.Series]++;
        return counts;
    }

    // The fraction is that of all examples that can be split, so that many short series, of each of which it is less than one, still give some.
    private int[] HeldOut(double fraction)
    {
        int[] counts = CountBySeries(), held = new int[counts.Length];
        double owed = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            int most = counts[i] - LabelGap - 1;
            if (most < 1)
                continue;
            owed += counts[i] * fraction;
            held[i] = Math.Clamp((int)Math.Round(owed), 0, most);
            owed = Math.Min(owed - held[i], 1);
        }
        if (held.Any(h => h > 0) || counts.Length == 0)
            return held;
        if (counts.Max() is var longest && longest > LabelGap + 1)
            held[Array.IndexOf(counts, longest)] = 1;
        else
            HoldOutWholeSeries(counts, held, fraction);
        return held;
    }

    // Series too short to be split share no label with each other.
    private void HoldOutWholeSeries(int[] counts, int[] held, double fraction)
    {
        int first = Array.FindIndex(counts, c => c > 0), total = 0;
        for (int i = counts.Length - 1; i > first && (total == 0 || total + counts[i] <= Count * fraction); i--)
            total += held[i] = counts[i];
    }
}
