using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Finds the time from one row of a series to its next: the most common one, the shorter of two that are as common.</summary>
internal static class StepInference
{
    /// <summary>Reads all times once.</summary>
    /// <returns>The step; <see cref="TimeStep.Any"/> if no series has two rows.</returns>
    /// <exception cref="InvalidOperationException">A series' time goes backwards or stands still.</exception>
    public static TimeStep Of(IExceptionContext context, IDataView data, WindowSettings settings)
    {
        DataViewSchema.Column time = TimeReader.Find(context, data.Schema, settings.TimeColumnName!);
        DataViewSchema.Column? group = settings.GroupColumnName is { } name ? GroupReader.Find(context, data.Schema, name) : null;
        using DataViewRowCursor cursor = data.GetRowCursor(group is { } needed ? [time, needed] : [time]);
        var groups = new GroupReader(cursor, group);
        var clock = new SeriesClock(context, cursor, settings, groups);
        var counts = new Dictionary<decimal, int>();
        while (cursor.MoveNext())
        {
            int series = groups.Read();
            decimal? before = clock.Latest(series);
            clock.Follows(series, out _);
            if (before is { } last)
            {
                decimal difference = Rounded(clock.Latest(series)!.Value - last);
                counts[difference] = counts.GetValueOrDefault(difference) + 1;
            }
        }
        if (counts.Count == 0)
            return TimeStep.Any;
        decimal step = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).First().Key;
        return TimeReader.Open(context, cursor, settings.TimeColumnName!).IsNumber ? TimeStep.FromDouble((double)step) : TimeStep.FromTimeSpan(TimeSpan.FromTicks((long)step));
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
