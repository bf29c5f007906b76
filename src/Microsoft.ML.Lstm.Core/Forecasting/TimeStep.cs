using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Forecasting;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>
/// The distance from one row of a series to the next: a span of time, whole months, or from one weekday (Monday to Friday) to the next.
/// Immutable.
/// </summary>
/// <example>
/// <code>
/// TimeStep hourly = TimeStep.Of(TimeSpan.FromHours(1)), monthly = TimeStep.OfMonths(1), trading = TimeStep.Weekdays;
/// </code>
/// </example>
[JsonConverter(typeof(TimeStepConverter))]
public readonly record struct TimeStep
{
    private static readonly long[] s_cycles = [TimeSpan.TicksPerHour, TimeSpan.TicksPerDay, 7 * TimeSpan.TicksPerDay];

    private readonly TimeSpan _span;
    private readonly int _months;

    private TimeStep(TimeSpan span, int months) => (_span, _months) = (span, months);

    /// <summary>From each weekday to the next, Friday to Monday: exchange rates, prices.</summary>
    public static TimeStep Weekdays { get; } = new(TimeSpan.Zero, -1);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    internal string Code => IsWeekdays ? "weekday" : IsMonths ? Invariant($"{_months}M") : _span.ToString("c", CultureInfo.InvariantCulture);

    private bool IsWeekdays => _months < 0;

    private bool IsMonths => _months > 0;

    /// <summary>A span of time: minutes, hours, days, weeks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public static TimeStep Of(TimeSpan span)
    {
        RequireArgument(span > TimeSpan.Zero, nameof(span), span, "more than zero");
        return new TimeStep(span, 0);
    }

    /// <summary>Whole months: 1, 3 for quarters, 12 for years. The day of the month stays, or is the month's last where it is shorter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than one or more than 1,200.</exception>
    public static TimeStep OfMonths(int months)
    {
        RequireArgument(months is > 0 and <= 1200, nameof(months), months, "1 to 1200");
        return new TimeStep(TimeSpan.Zero, months);
    }

    /// <summary>
    /// The step of a series whose times are given: the most common distance, taken as months where all distances are those of calendar months, and as
    /// weekdays where days come one after the other without a single weekend.
    /// </summary>
    /// <param name="times">Times in increasing order.</param>
    /// <returns>The step; null if there are fewer than two times.</returns>
    public static TimeStep? Infer(ReadOnlySpan<DateTime> times)
    {
        if (times.Length < 2)
            return null;
        var counts = new StepCounts();
        foreach (DateTime time in times)
            counts.AddDate(time);
        int monthly = 0, months = Math.Clamp(MonthsBetween(times[0], times[1]), 1, 1200);
        for (int i = 1; i < times.Length; i++)
        {
            TimeSpan distance = times[i] - times[i - 1];
            counts.AddDistance(distance.Ticks);
            monthly += distance.TotalDays >= 28 && OfMonths(months).TryCount(times[i - 1], times[i], out int steps) && steps >= 1 ? 1 : 0;
        }
        if (monthly == times.Length - 1)
            return OfMonths(months);
        long common = (long)counts.MostCommon!.Value;
        return counts.AreWeekdays ? Weekdays : common > 0 ? Of(TimeSpan.FromTicks(common)) : null;
    }

    /// <summary>The time a number of steps after another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such date: years end with 9999.</exception>
    public DateTime Add(DateTime time, int steps) => Moved(time, steps);

    /// <summary>The time a number of steps before another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such date: years begin with 1.</exception>
    public DateTime Subtract(DateTime time, int steps) => Moved(time, -(long)steps);

    /// <summary>The time a number of steps after another, or before it where they are negative.</summary>
    /// <returns>Whether there is such a date.</returns>
    internal bool TryAdd(DateTime time, long steps, out DateTime moved)
    {
        moved = time;
        if (IsMonths)
        {
            Int128 month = ((Int128)steps * _months) + (12 * time.Year) + time.Month - 1;
            bool isDate = month >= 12 && month < 12 * 10_000;
            moved = isDate ? AddMonths(time, (int)(steps * _months)) : time;
            return isDate;
        }
        return IsWeekdays ? TryAddWeekdays(ref moved, steps) : TryAddTicks(ref moved, (Int128)_span.Ticks * steps);
    }

    /// <summary>Steps in an hour, a day, a week and a year, where those are whole and two or more, the shortest first: what a calendar lets a series repeat after.</summary>
    internal IReadOnlyList<int> Cycles()
    {
        if (IsWeekdays)
            return [5];
        if (IsMonths)
            return _months < 12 && 12 % _months == 0 ? [12 / _months] : [];
        long ticks = _span.Ticks;
        List<int> cycles = [.. s_cycles.Where(cycle => cycle % ticks == 0 && cycle / ticks is >= 2 and <= int.MaxValue).Select(cycle => (int)(cycle / ticks))];
        return ticks switch
        {
            TimeSpan.TicksPerDay => [.. cycles, 365],
            7 * TimeSpan.TicksPerDay => [.. cycles, 52],
            _ => cycles,
        };
    }

    /// <summary>Counts the steps from one time to a later one.</summary>
    /// <param name="from">The earlier time.</param>
    /// <param name="to">The later time.</param>
    /// <param name="steps">Steps between the two, rounded down if they are not whole.</param>
    /// <returns>Whether the second lies a whole number of steps after the first.</returns>
    public bool TryCount(DateTime from, DateTime to, out int steps)
    {
        if (IsMonths)
        {
            int months = MonthsBetween(from, to);
            steps = months / _months;
            return months % _months == 0 && to.TimeOfDay == from.TimeOfDay
                && (to.Day == from.Day || (IsLastDay(from) && IsLastDay(to)) || to.Day == Math.Min(from.Day, DateTime.DaysInMonth(to.Year, to.Month))
                    || from.Day == Math.Min(to.Day, DateTime.DaysInMonth(from.Year, from.Month)));
        }
        if (IsWeekdays)
        {
            steps = WeekdaysBetween(from.Date, to.Date);
            return to.TimeOfDay == from.TimeOfDay && to.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
        }
        long ticks = to.Ticks - from.Ticks;
        steps = (int)Math.Clamp(ticks / _span.Ticks, int.MinValue, int.MaxValue);
        return ticks % _span.Ticks == 0;
    }

    /// <summary>Reads a step: a span of time such as <c>01:00:00</c> or <c>7.00:00:00</c>, months such as <c>1M</c>, or <c>weekday</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static TimeStep Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "weekday")
            return Weekdays;
        if (text.EndsWith('M') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int months) && months is > 0 and <= 1200)
            return OfMonths(months);
        return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan span) && span > TimeSpan.Zero
            ? Of(span)
            : throw new FormatException(Invariant($"The time step is '{(text.Length > 40 ? text[..40] + "…" : text)}'; expected a span such as 01:00:00, months such as 1M, or weekday."));
    }

    /// <summary>The step in words, such as <c>1 hour</c>.</summary>
    public override string ToString() => IsWeekdays ? "1 weekday"
        : IsMonths ? (_months % 12 == 0 ? Plural(_months / 12, "year") : Plural(_months, "month"))
        : _span.Ticks % TimeSpan.TicksPerDay == 0 ? Plural(_span.Days, "day")
        : _span.Ticks % TimeSpan.TicksPerHour == 0 ? Plural(_span.Ticks / TimeSpan.TicksPerHour, "hour")
        : _span.Ticks % TimeSpan.TicksPerMinute == 0 ? Plural(_span.Ticks / TimeSpan.TicksPerMinute, "minute")
        : _span.Ticks % TimeSpan.TicksPerSecond == 0 ? Plural(_span.Ticks / TimeSpan.TicksPerSecond, "second")
        : _span.ToString("c", CultureInfo.InvariantCulture);

    private static string Plural(long count, string unit) => Invariant($"{count} {unit}{(count == 1 ? "" : "s")}");

    private DateTime Moved(DateTime time, long steps) => TryAdd(time, steps, out DateTime moved) ? moved : throw new ArgumentOutOfRangeException(
        nameof(time), Invariant($"{nameof(time)} is {time:yyyy-MM-dd HH:mm:ss}, and {steps} times {this} from there is no date; expected one of the years 1 to 9999."));

    private static bool TryAddTicks(ref DateTime time, Int128 ticks)
    {
        Int128 moved = time.Ticks + ticks;
        if (moved < DateTime.MinValue.Ticks || moved > DateTime.MaxValue.Ticks)
            return false;
        time = time.AddTicks((long)ticks);
        return true;
    }

    private static bool TryAddWeekdays(ref DateTime time, long steps)
    {
        for (; steps != 0; steps -= Math.Sign(steps))
        {
            int days = steps > 0
                ? time.DayOfWeek switch { DayOfWeek.Friday => 3, DayOfWeek.Saturday => 2, _ => 1 }
                : time.DayOfWeek switch { DayOfWeek.Monday => -3, DayOfWeek.Sunday => -2, _ => -1 };
            if (!TryAddTicks(ref time, days * TimeSpan.TicksPerDay))
                return false;
        }
        return true;
    }

    // The last day of a month stays the last: 31 January, 28 February, 31 March.
    private static DateTime AddMonths(DateTime time, int months)
    {
        DateTime moved = time.AddMonths(months);
        return IsLastDay(time) ? moved.AddDays(DateTime.DaysInMonth(moved.Year, moved.Month) - moved.Day) : moved;
    }

    private static int MonthsBetween(DateTime from, DateTime to) => (12 * (to.Year - from.Year)) + to.Month - from.Month;

    private static bool IsLastDay(DateTime time) => time.Day == DateTime.DaysInMonth(time.Year, time.Month);

    private static int WeekdayOf(DateTime time) => ((int)time.DayOfWeek + 6) % 7;

    // Weekdays in (from, to].
    private static int WeekdaysBetween(DateTime from, DateTime to)
    {
        int days = (to - from).Days, weeks = days / 7, count = 5 * weeks;
        for (DateTime day = from.AddDays((7 * weeks) + 1); day <= to; day = day.AddDays(1))
            count += WeekdayOf(day) < 5 ? 1 : 0;
        return count;
    }
}
