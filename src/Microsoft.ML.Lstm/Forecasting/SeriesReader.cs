using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Windowing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Reads the series of a data view into memory: its rows may alternate between series or follow one another.</summary>
internal sealed class SeriesReader
{
    public const string TargetRole = "input", PastRole = "past covariate", FutureRole = "future covariate", StaticRole = "static covariate", GroupRole = "group";
    private readonly IExceptionContext _context;
    private readonly ForecastInput _input;
    private readonly TimeStep? _step;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SeriesReader(IExceptionContext context, ForecastInput input, DataViewSchema schema, TimeStep? step)
    {
        (_context, _input, _step) = (context, input, step);
        foreach (string target in input.Targets)
            if (SchemaMismatch.Find(context, schema, TargetRole, target).Type is var type && !type.Equals(NumberDataViewType.Single))
                throw SchemaMismatch.IllTyped(context, TargetRole, target, "Single", type.ToString()!);
        Require(input.Past, PastRole);
        Require(input.Future, FutureRole);
        Require(input.Static, StaticRole);
        if (input.Group is { } group && SchemaMismatch.Find(context, schema, GroupRole, group).Type is var groupType && !GroupReader.CanRead(groupType))
            throw SchemaMismatch.IllTyped(context, GroupRole, group, GroupReader.Expected, groupType.ToString()!);
        if (input.Time is { } time && SchemaMismatch.Find(context, schema, TimeReader.Role, time).Type is var timeType && !TimeReader.CanReadDates(timeType))
            throw SchemaMismatch.IllTyped(context, TimeReader.Role, time, TimeReader.ExpectedDate, timeType.ToString()!);

        void Require(IEnumerable<Covariate> covariates, string role)
        {
            foreach (Covariate covariate in covariates)
                covariate.Require(context, schema, role);
        }
    }

    /// <summary>Reads all rows.</summary>
    /// <exception cref="InvalidOperationException">Times are out of order, twice the same, between the steps or missing; a static covariate changes; a key is beyond its count. Names series, row and column.</exception>
    public SeriesTable Read(IDataView data, CancellationToken cancellationToken)
    {
        var rowSeries = new List<int>();
        Queue<RawSeries> raw = ReadRows(data, 0, int.MaxValue, cancellationToken, rowSeries);
        var grid = new TimeGrid(_context, _input, _step);
        if (raw.Count > 0)
            grid.Infer(raw);
        int[] rowPlaces = new int[rowSeries.Count];
        IReadOnlyList<SeriesData> series = ToSeries(raw, grid, (rows, places) =>
        {
            for (int i = 0; i < places.Length; i++)
                rowPlaces[rows.SourceRows[i]] = places[i];
        });
        return new SeriesTable(series, [.. rowSeries], rowPlaces, grid.Step);
    }

    /// <summary>What the series are called, in the order in which they appear, and rows of each; no value is read.</summary>
    public (IReadOnlyList<string> Names, IReadOnlyList<int> Rows) CountRows(IDataView data, CancellationToken cancellationToken)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(_input.Group is { } group ? [data.Schema[group]] : []);
        GroupReader groups = GroupsOf(cursor);
        var rows = new List<int>();
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            int series = groups.Read();
            if (series == rows.Count)
                rows.Add(0);
            rows[series]++;
        }
        return ([.. groups.Names.Take(rows.Count)], rows);
    }

    /// <summary>Reads the rows of series start … end − 1, by the order in which series appear; those of others are passed over.</summary>
    /// <param name="data">The view.</param>
    /// <param name="start">The first series.</param>
    /// <param name="end">The series after the last.</param>
    /// <param name="cancellationToken">Looked at before every row.</param>
    /// <param name="rowSeries">Receives the series of each row; null: not wanted.</param>
    public Queue<RawSeries> ReadRows(IDataView data, int start, int end, CancellationToken cancellationToken, List<int>? rowSeries = null)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(_input.All.Distinct().Select(name => data.Schema[name]));
        GroupReader groups = GroupsOf(cursor);
        TimeReader? time = _input.Time is { } name ? TimeReader.Open(_context, cursor, name) : null;
        NumberReader[] targets = [.. _input.Targets.Select(target => new NumberReader(cursor, data.Schema[target]))];
        Covariate[] covariates = [.. _input.Past, .. _input.Future, .. _input.Static];
        (Action<float[]> Read, float[] Values)[] readers = [.. covariates.Select(column => (column.Open(_context, cursor), new float[column.Size]))];
        int width = targets.Length + covariates.Sum(column => column.Size);
        var series = new List<RawSeries>();
        for (int row = 0; cursor.MoveNext(); row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int index = groups.Read();
            rowSeries?.Add(index);
            if (index < start || index >= end)
                continue;
            if (index - start == series.Count)
                series.Add(new RawSeries(groups.NameOf(index), width));
            Span<float> values = series[index - start].Append(row);
            int at = 0;
            foreach (NumberReader target in targets)
                values[at++] = target.Read()[0];
            foreach ((Action<float[]> read, float[] some) in readers)
            {
                read(some);
                some.CopyTo(values[at..]);
                at += some.Length;
            }
            if (time is null)
                continue;
            (DateTime order, DateTime clock) = time.ReadDate();
            series[index - start].Order.Add(order);
            series[index - start].Clock.Add(clock);
        }
        return new Queue<RawSeries>(series);
    }

    /// <summary>Places the rows of series on the grid of their times.</summary>
    /// <param name="raw">The rows; those of a series are let go when it is done.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="placed">Is told where the rows of each stand; null: nobody.</param>
    public IReadOnlyList<SeriesData> ToSeries(Queue<RawSeries> raw, TimeGrid grid, Action<RawSeries, int[]>? placed = null)
    {
        var series = new List<SeriesData>(raw.Count);
        while (raw.TryDequeue(out RawSeries? rows))
        {
            int[] places = grid.Place(rows);
            placed?.Invoke(rows, places);
            series.Add(ToSeries(rows, places, grid.Times(rows, places)));
        }
        return series;
    }

    private GroupReader GroupsOf(DataViewRowCursor cursor) => new(cursor, _input.Group is { } group ? cursor.Schema[group] : null);

    private SeriesData ToSeries(RawSeries rows, int[] places, DateTime[] times)
    {
        int count = places.Length == 0 ? 0 : places[^1] + 1, past = _input.Targets.Count, future = past + _input.Past.Sum(c => c.Size), statics = future + _input.Future.Sum(c => c.Size);
        return new SeriesData
        {
            Name = rows.Name,
            Times = times,
            Targets = [.. Enumerable.Range(0, past).Select(c => Missing(rows.Column(c, places, count)))],
            Past = [.. Enumerable.Range(past, future - past).Select(c => rows.Column(c, places, count))],
            Future = [.. Enumerable.Range(future, statics - future).Select(c => rows.Column(c, places, count))],
            Statics = [.. Enumerable.Range(statics, _input.Static.Sum(c => c.Size)).Select(c => Constant(rows, c - statics, rows.Column(c, places, count)))],
        };
    }

    // An infinity is no more a value than NaN is.
    private static float[] Missing(float[] values)
    {
        foreach (ref float value in values.AsSpan())
            value = float.IsFinite(value) ? value : float.NaN;
        return values;
    }

    private float Constant(RawSeries rows, int value, float[] values)
    {
        float first = Array.Find(values, float.IsFinite);
        int other = Array.FindIndex(values, v => float.IsFinite(v) && v != first);
        if (other < 0)
            return first;
        string column = _input.Static.SelectMany(c => Enumerable.Repeat(c.Name, c.Size)).ElementAt(value);
        throw _context.Process(new InvalidOperationException(Invariant(
            $"Column '{column}' has {values[other]} in row {rows.SourceRows[Math.Min(other, rows.Count - 1)]}{(_input.Group is null ? "" : Invariant($" of series '{rows.Name}'"))}, after {first}; expected the same value in all rows of a series, since it is a static covariate.")));
    }
}
