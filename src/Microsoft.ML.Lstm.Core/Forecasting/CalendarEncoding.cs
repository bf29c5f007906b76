using System.Numerics;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Calendar features as values: [sine, cosine] of each, in the order of the flags.</summary>
internal static class CalendarEncoding
{
    private static readonly (CalendarFeatures Feature, string Name, Func<DateTime, double> Phase)[] s_all =
    [
        (CalendarFeatures.MinuteOfHour, "minute", time => time.TimeOfDay.TotalHours % 1),
        (CalendarFeatures.HourOfDay, "hour", time => time.TimeOfDay.TotalDays),
        (CalendarFeatures.DayOfWeek, "weekday", time => (int)time.DayOfWeek / 7.0),
        (CalendarFeatures.DayOfMonth, "day of month", time => (time.Day - 1.0) / DateTime.DaysInMonth(time.Year, time.Month)),
        (CalendarFeatures.MonthOfYear, "month", time => (time.Month - 1) / 12.0),
        (CalendarFeatures.DayOfYear, "day of year", time => (time.DayOfYear - 1.0) / (DateTime.IsLeapYear(time.Year) ? 366 : 365)),
    ];

    /// <summary>Values of a row.</summary>
    public static int SizeOf(CalendarFeatures features) => 2 * BitOperations.PopCount((uint)features);

    /// <summary>Names of the values, such as <c>hour sin</c>.</summary>
    public static IEnumerable<string> NamesOf(CalendarFeatures features) =>
        s_all.Where(entry => features.HasFlag(entry.Feature)).SelectMany(entry => new[] { entry.Name + " sin", entry.Name + " cos" });

    /// <summary>Writes the values of a time: [<see cref="SizeOf"/>].</summary>
    public static void Write(CalendarFeatures features, DateTime time, Span<float> values)
    {
        int at = 0;
        foreach ((CalendarFeatures feature, _, Func<DateTime, double> phase) in s_all)
        {
            if (!features.HasFlag(feature))
                continue;
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * phase(time));
            (values[at], values[at + 1]) = ((float)sine, (float)cosine);
            at += 2;
        }
    }
}
