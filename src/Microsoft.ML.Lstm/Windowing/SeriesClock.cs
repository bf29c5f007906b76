using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Watches the time of each series: refuses rows that go backwards or come twice, and sees where rows are missing.</summary>
internal sealed class SeriesClock(IExceptionContext context, DataViewRow row, WindowSettings settings, GroupReader groups)
{
    private readonly TimeReader _times = TimeReader.Open(context, row, settings.TimeColumnName!);
    private readonly RowSpacing _spacing = settings.Spacing ?? RowSpacing.Any;
    private readonly List<(decimal Time, long Row)?> _latest = [];

    /// <summary>Whether times are numbers.</summary>
    public bool IsNumber => _times.IsNumber;

    /// <summary>Whether times are dates.</summary>
    public bool IsCalendar => _times.IsCalendar;

    /// <summary>Takes the time of the row that the cursor is at.</summary>
    /// <param name="series">Its series.</param>
    /// <param name="hole">What is before it and it, if rows are missing between.</param>
    /// <returns>Whether it follows the row before it in its series, or is the first.</returns>
    /// <exception cref="InvalidOperationException">Time goes backwards or stands still; names series, rows, column and both times.</exception>
    public bool Follows(int series, out string hole)
    {
        while (_latest.Count <= series)
            _latest.Add(null);
        decimal time = _times.Read();
        hole = "";
        bool follows = true;
        if (_latest[series] is { } before)
        {
            if (time <= before.Time)
                throw context.Process(new InvalidOperationException(Backwards(series, time, before.Time, before.Row)));
            follows = _spacing.Spans(before.Time, time);
            if (!follows)
                hole = Invariant($"from {_times.Text(before.Time)} to {_times.Text(time)} (row {row.Position}{groups.Of(series)})");
        }
        _latest[series] = (time, row.Position);
        return follows;
    }

    /// <summary>The time of a series' latest row.</summary>
    public decimal? Latest(int series) => series < _latest.Count ? _latest[series]?.Time : null;

    /// <summary>Goes on from a time; null: from none.</summary>
    public void Restore(int series, decimal? time)
    {
        while (_latest.Count <= series)
            _latest.Add(null);
        _latest[series] = time is { } known ? (known, -1) : null;
    }

    private string Backwards(int series, decimal time, decimal before, long rowBefore)
    {
        string where = rowBefore < 0 ? "" : Invariant($" in row {rowBefore}");
        string advice = time < before
            ? Invariant($"expected times in ascending order within a series{(settings.GroupColumnName is null ? "; if rows are of several series, groupColumnName tells them apart" : "")}")
            : "expected each time once within a series; clocks that are set back in autumn repeat an hour, which universal time or DateTimeOffset tells apart";
        return Invariant($"Column '{_times.Name}' has {_times.Text(time)} in row {row.Position} after {_times.Text(before)}{where}{groups.Of(series)}; {advice}.");
    }
}
