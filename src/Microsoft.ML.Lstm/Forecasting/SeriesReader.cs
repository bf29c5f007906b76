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
        (List<RawSeries> raw, List<int> rowSeries) = ReadRows(data, cancellationToken);
        var grid = new TimeGrid(_context, _input, _step);
        if (raw.Count > 0)
            grid.Infer(raw);
        int[] rowPlaces = new int[rowSeries.Count];
        var series = new List<SeriesData>(raw.Count);
        foreach (RawSeries rows in raw)
        {
            int[] places = grid.Place(rows);
            for (int i = 0; i < places.Length; i++)
                rowPlaces[rows.SourceRows[i]] = places[i];
            series.Add(ToSeries(rows, places, grid.Times(rows, places)));
        }
        return new SeriesTable(series, [.. rowSeries], rowPlaces, grid.Step);
    }

    private (List<RawSeries> Series, List<int> RowSeries) ReadRows(IDataView data, CancellationToken cancellationToken)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(_input.All.Distinct().Select(name => data.Schema[name]));
        var groups = new GroupReader(cursor, _input.Group is { } group ? data.Schema[group] : null);
        TimeReader? time = _input.Time is { } name ? TimeReader.Open(_context, cursor, name) : null;
        NumberReader[] targets = [.. _input.Targets.Select(target => new NumberReader(cursor, data.Schema[target]))];
        Covariate[] covariates = [.. _input.Past, .. _input.Future, .. _input.Static];
        (Action<float[]> Read, float[] Values)[] readers = [.. covariates.Select(column => (column.Open(_context, cursor), new float[column.Size]))];
        int width = targets.Length + covariates.Sum(column => column.Size);
        var series = new List<RawSeries>();
        var rowSeries = new List<int>();
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            int index = groups.Read();
            if (index == series.Count)
                series.Add(new RawSeries(groups.NameOf(index), width));
            Span<float> row = series[index].Append(rowSeries.Count);
            rowSeries.Add(index);
            int at = 0;
            foreach (NumberReader target in targets)
                row[at++] = target.Read()[0];
            foreach ((Action<float[]> read, float[] values) in readers)
            {
                read(values);
                values.CopyTo(row[at..]);
                at += values.Length;
            }
            if (time is null)
                continue;
            (DateTime order, DateTime clock) = time.ReadDate();
            series[index].Order.Add(order);
            series[index].Clock.Add(clock);
        }
        return (series, rowSeries);
    }

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
