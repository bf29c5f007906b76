namespace Microsoft.ML.Lstm.Windowing;

/// <summary>
/// How far the rows of a series are from each other, with what they may be off: a row that comes up to half a step late still follows. So days of 23
/// or 25 hours, months of 28 to 31 days, leap years and clocks that jitter make no hole. Saved with the model.
/// </summary>
/// <param name="Length">Ticks of 100 nanoseconds, or a number in the unit of a time column of numbers; 0: any.</param>
/// <param name="IsWeekdays">Whether rows are from weekdays, Monday to Friday; then <paramref name="Length"/> is a day.</param>
/// <param name="Name">The step in words.</param>
internal sealed record RowSpacing(decimal Length, bool IsWeekdays, string Name)
{
    private const decimal TimesLate = 1.5m;

    /// <summary>Whether times are numbers rather than dates or spans of time; null: a file does not say.</summary>
    public bool? IsOfNumbers { get; init; }

    /// <summary>Order counts, distance does not.</summary>
    public static RowSpacing Any { get; } = new(0, false, "any");

    /// <summary>The spacing of a step that a user gave.</summary>
    public static RowSpacing Of(TimeStep step)
    {
        // A month of 31 days: neither February nor two months in a row are off by half.
        var start = new DateTime(2001, 1, 1);
        return new((step.Add(start, 1) - start).Ticks, step == TimeStep.Weekdays, step.ToString()) { IsOfNumbers = false };
    }

    /// <summary>Whether a row follows another of its series, with none missing between.</summary>
    public bool Spans(decimal from, decimal to) => Length == 0 || to - from <= (IsWeekdays ? FromWeekday(from) : Length) * TimesLate;

    private static decimal FromWeekday(decimal from)
    {
        var time = new DateTime((long)from);
        return TimeStep.Weekdays.Add(time, 1).Ticks - time.Ticks;
    }
}
