using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Series;

/// <summary>The series of a table: the rows of each, in the order of the file.</summary>
internal sealed class SeriesTable
{
    private readonly TimeStep? _stepOfAll;

    private SeriesTable(TableView view, SeriesRoles roles, IReadOnlyList<(string Name, int[] Rows)> series, TimeStep? stepOfAll = null) =>
        (View, Roles, Series, _stepOfAll) = (view, roles, series, stepOfAll);

    /// <summary>The rows.</summary>
    public TableView View { get; }

    /// <summary>Which column is what.</summary>
    public SeriesRoles Roles { get; }

    /// <summary>Each series: its name, empty where there is no group, and its rows.</summary>
    public IReadOnlyList<(string Name, int[] Rows)> Series { get; }

    /// <summary>Rows of the longest series that have a value to forecast.</summary>
    public int LongestLength => Series.Max(series => series.Rows.Count(IsKnown));

    /// <summary>From one row to the next, by the longest series; null without times.</summary>
    public TimeStep? Step => Roles.Time is null ? null : _stepOfAll
        ?? TimeStep.Infer(Times(Series.MaxBy(series => series.Rows.Length).Rows));

    /// <summary>Sorts the rows of a table into series.</summary>
    /// <exception cref="ToolException">Two rows of a series are of the same time, or out of order.</exception>
    public static SeriesTable Of(TableView view, SeriesRoles roles)
    {
        int count = (int)view.GetRowCount()!.Value;
        IReadOnlyList<ReadOnlyMemory<char>>? groups = roles.Group is { } group ? ((ColumnData<ReadOnlyMemory<char>>)view[group.Name]).Values : null;
        (string Name, int[] Rows)[] series = groups is null
            ? [("", [.. Enumerable.Range(0, count)])]
            : [.. Enumerable.Range(0, count).GroupBy(row => groups[row].ToString()).Select(rows => (rows.Key, rows.ToArray()))];
        var table = new SeriesTable(view, roles, series);
        table.CheckTimes();
        return table;
    }

    /// <summary>The same rows, with a share of the series, which alone are forecast.</summary>
    public SeriesTable Of(WorkShard shard)
    {
        (int start, int end) = shard.Range(Series.Count);
        return new SeriesTable(View, Roles, [.. Series.Take(start..end)], Step);
    }

    /// <summary>The times of rows.</summary>
    public DateTime[] Times(int[] rows)
    {
        IReadOnlyList<DateTime> times = ((ColumnData<DateTime>)View[Roles.Time!.Name]).Values;
        return [.. rows.Select(row => times[row])];
    }

    /// <summary>Whether a row has a value of any target; rows after the last that has tell only what is known of the future.</summary>
    public bool IsKnown(int row) => Roles.Targets.Any(target => float.IsFinite(((ColumnData<float>)View[target.Name]).Values[row]));

    /// <summary>Checks that covariates of the future are known for a horizon.</summary>
    /// <exception cref="ToolException">A series has fewer rows after its last value.</exception>
    public void CheckFuture(int horizon)
    {
        if (Roles.Future.Count == 0)
            return;
        foreach ((string name, int[] rows) in Series)
            if (Array.FindLastIndex(rows, IsKnown) is >= 0 and var last && rows.Length - last - 1 < horizon)
                throw new ToolException(FormattableString.Invariant(
                    $"Column '{Roles.Future[0].Name}' is known for {rows.Length - last - 1} rows after the last value of '{Roles.Targets[0].Name}'{(name.Length == 0 ? "" : $" in series '{name}'")}; expected {horizon}. ")
                    + "Add rows whose targets are empty, say a shorter --horizon, or give the column by --past instead of --future.");
    }

    private void CheckTimes()
    {
        if (Roles.Time is not { } time)
            return;
        foreach ((string name, int[] rows) in Series)
        {
            DateTime[] times = Times(rows);
            for (int i = 1; i < times.Length; i++)
            {
                if (times[i] > times[i - 1])
                    continue;
                string where = name.Length == 0 ? "" : $" of series '{name}'";
                bool same = times[i] == times[i - 1];
                throw new ToolException($"Column '{time.Name}' has {times[i]:yyyy-MM-dd HH:mm:ss} {(same ? "twice" : $"after {times[i - 1]:yyyy-MM-dd HH:mm:ss}")}{where}, in rows {rows[i - 1] + 1} and {rows[i] + 1}; expected times that increase. "
                    + (Roles.Group is null ? "If the file has several series, --group names the column that tells them apart; else sort"
                        : !same ? "Sort"
                        : $"If '{Roles.Group.Name}' alone does not tell series apart, write what does into one column for --group; else sort") + $" the rows{(same ? ", leave one of the two out" : "")}, or say by --date-format how times are written.");
            }
        }
    }
}
