using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>
/// Finds the time from one row of a series to its next: the most common one, the shorter of two that are as common. Other than
/// <see cref="TimeStep.Infer"/>, whose step is the grid on which forecasts lie, it wants the step only to see holes by: clocks that jitter have one, times
/// may be numbers, and no time is kept.
/// </summary>
internal static class StepInference
{
    /// <summary>Reads all times once.</summary>
    /// <returns>The step, from weekday to weekday if it is a day and none is of a weekend; <see cref="RowSpacing.Any"/> if no series has two rows.</returns>
    /// <exception cref="InvalidOperationException">A series' time goes backwards or stands still.</exception>
    public static RowSpacing Of(IExceptionContext context, IDataView data, WindowSettings settings)
    {
        DataViewSchema.Column time = TimeReader.Find(context, data.Schema, settings.TimeColumnName!);
        DataViewSchema.Column? group = settings.GroupColumnName is { } name ? GroupReader.Find(context, data.Schema, name) : null;
        using DataViewRowCursor cursor = data.GetRowCursor(group is { } needed ? [time, needed] : [time]);
        var groups = new GroupReader(cursor, group);
        var clock = new SeriesClock(context, cursor, settings, groups);
        var counts = new StepCounts();
        while (cursor.MoveNext())
        {
            int series = groups.Read();
            decimal? before = clock.Latest(series);
            clock.Follows(series, out _);
            decimal now = clock.Latest(series)!.Value;
            if (clock.IsCalendar)
                counts.AddDate(new DateTime((long)now));
            if (before is { } last)
                counts.AddDistance(Rounded(now - last));
        }
        if (counts.MostCommon is not { } step)
            return RowSpacing.Any;
        return clock.IsCalendar && counts.AreWeekdays
            ? RowSpacing.Of(TimeStep.Weekdays)
            : new(step, false, clock.IsNumber ? Invariant($"{step:G29}") : Invariant($"{TimeSpan.FromTicks((long)step):c}")) { IsOfNumbers = clock.IsNumber };
    }

    // To three digits, so that clocks that jitter and binary fractions agree; and never to nothing.
    private static decimal Rounded(decimal difference)
    {
        decimal unit = 1;
        while (difference / unit >= 1000)
            unit *= 10;
        while (difference / unit < 100 && unit > 1e-20m)
            unit /= 10;
        return Math.Max(unit, Math.Round(difference / unit) * unit);
    }
}
