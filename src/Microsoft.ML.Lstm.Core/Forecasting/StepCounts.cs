namespace Microsoft.ML.Lstm;

/// <summary>
/// Counts the distances between the times of a series, and what tells weekdays from days. Whoever counts says which distances are the same: a grid of
/// forecasts takes them exactly, windows take clocks that jitter for even.
/// </summary>
internal sealed class StepCounts
{
    private readonly Dictionary<decimal, long> _counts = [];
    private long _times;
    private bool _hasWeekend;

    /// <summary>Takes a date: its weekday counts, and not its distance.</summary>
    public void AddDate(DateTime date)
    {
        _times++;
        _hasWeekend |= date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
    }

    /// <summary>Takes the distance of two neighbours, in ticks if they are dates.</summary>
    public void AddDistance(decimal distance) => _counts[distance] = _counts.GetValueOrDefault(distance) + 1;

    /// <summary>The most common distance, the shorter of two that are as common; null: none was taken.</summary>
    public decimal? MostCommon => _counts.Count == 0 ? null : _counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).First().Key;

    /// <summary>Whether days come one after the other without a single weekend; of five days or fewer that says nothing.</summary>
    public bool AreWeekdays => MostCommon == TimeSpan.TicksPerDay && _times > 5 && !_hasWeekend;
}
