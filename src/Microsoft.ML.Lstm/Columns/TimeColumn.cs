using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>The order in which rows must be, by a column that says when each is from.</summary>
internal static class TimeColumn
{
    /// <summary>Counts the rows of each series, and refuses rows in which a series' time goes backwards.</summary>
    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="data">The rows.</param>
    /// <param name="name">Name of the time column; null: the order is taken as given.</param>
    /// <param name="group">Name of the column that tells series apart; null: all rows are one.</param>
    /// <returns>Rows of each series, in the order in which they appear.</returns>
    /// <exception cref="InvalidOperationException">Names the series, the rows and both times.</exception>
    public static IReadOnlyList<long> CheckOrder(IExceptionContext context, IDataView data, string? name, string? group)
    {
        var needed = new List<DataViewSchema.Column>();
        DataViewSchema.Column? groups = group is null ? null : GroupReader.Find(context, data.Schema, group);
        if (groups is { } found)
            needed.Add(found);
        if (name is not null)
            needed.Add(TimeReader.Find(context, data.Schema, name));
        using DataViewRowCursor cursor = data.GetRowCursor(needed);
        var reader = new GroupReader(cursor, groups);
        TimeReader? times = name is null ? null : TimeReader.Open(context, cursor, name);
        var series = new List<(long Rows, decimal Time, long Row)>();
        for (long row = 0; cursor.MoveNext(); row++)
        {
            int current = reader.Read();
            decimal time = times?.Read() ?? 0;
            if (current == series.Count)
                series.Add((0, time, row));
            (long rows, decimal before, long rowBefore) = series[current];
            if (time < before)
                throw context.Process(new InvalidOperationException(Invariant(
                    $"Column '{name}' has {times!.Text(time)} in row {row} after {times.Text(before)} in row {rowBefore}{reader.Of(current)}; expected times that never go backwards.")));
            series[current] = (rows + 1, time, row);
        }
        return [.. series.Select(s => s.Rows)];
    }
}
