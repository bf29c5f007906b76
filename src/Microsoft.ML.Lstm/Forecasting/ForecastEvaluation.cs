using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Windowing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Compares the forecast in each row with the values in the rows that follow it, series by series. A row whose forecast is NaN (too little history) or whose
/// horizon the data ends in is not compared.
/// </summary>
internal sealed class ForecastEvaluation
{
    private const string LabelRole = "label", ForecastRole = "forecast", BoundRole = "bound", GroupRole = "group";
    private readonly IExceptionContext _context;
    private readonly ForecastColumns _columns;
    private readonly double _level;
    private readonly int? _season;
    private readonly IDataView? _training;

    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="confidenceLevel">The level of the intervals.</param>
    /// <param name="season">The season's length; null: sought in the data.</param>
    /// <param name="training">What was trained on: scaled errors are in units of its seasonal-naive error, and the linear regression learns from it; null: there is none.</param>
    public ForecastEvaluation(IExceptionContext context, ForecastColumns columns, double confidenceLevel, int? season, IDataView? training) =>
        (_context, _columns, _level, _season, _training) = (context, columns, confidenceLevel, season, training);

    /// <summary>Reads all rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no forecast whose whole horizon lies in the data, or lengths differ.</exception>
    public ForecastMetrics Run(IDataView predictions)
    {
        int horizon = Check(predictions.Schema);
        Dictionary<string, float[]> history = _training is null ? [] : ReadSeries(_training);
        int season = _season ?? Season.OfMost((history.Count > 0 ? history : ReadSeries(predictions)).Values.Select(values => new ReadOnlyMemory<float>(values)), cycles: null);
        RidgeBaseline? ridge = history.Count > 0 ? RidgeBaseline.Fit(history, season, horizon) : null;
        var evaluator = new ForecastEvaluator(horizon, season, _columns.LowerBound is null ? null : _level);
        long compared = predictions.Schema[_columns.Label].Type is VectorDataViewType
            ? new WindowForecastEvaluation(_context, _columns, history, season).Run(predictions, horizon, ridge, evaluator)
            : Compare(predictions, horizon, season, history, ridge, evaluator);
        return compared > 0 ? evaluator.ToMetrics() : throw _context.Process(new InvalidOperationException(FormattableString.Invariant(
            $"No row of column '{_columns.Forecast}' has a forecast that is followed by {horizon} rows of its series, or a label of {horizon} known values; expected at least one to compare with what came.")));
    }

    private long Compare(IDataView data, int horizon, int season, Dictionary<string, float[]> histories, RidgeBaseline? ridge, ForecastEvaluator evaluator)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(Needed(data.Schema));
        var groups = new GroupReader(cursor, Group(data.Schema));
        var label = new NumberReader(cursor, data.Schema[_columns.Label]);
        var forecast = new NumberReader(cursor, data.Schema[_columns.Forecast]);
        NumberReader? lower = Bound(cursor, _columns.LowerBound), upper = Bound(cursor, _columns.UpperBound);
        Dictionary<string, float[]> own = histories.Count > 0 ? ReadSeries(data) : [];
        var series = new List<SeriesHistory>();
        float[] ofRidge = ridge is null ? [] : new float[horizon];
        long compared = 0;
        while (cursor.MoveNext())
        {
            int index = groups.Read();
            if (index == series.Count)
            {
                bool isKnown = histories.TryGetValue(groups.NameOf(index), out float[]? known);
                series.Add(new SeriesHistory(horizon) { Scale = isKnown ? Season.NaiveError(known, season) : double.NaN });
                if (isKnown)
                    series[index].Append(SeriesHistory.Before(known, own[groups.NameOf(index)]));
            }
            SeriesHistory current = series[index];
            current.Append(label.Read()[0]);
            if (current.TryComplete(out SeriesHistory.Pending done))
            {
                compared++;
                ReadOnlySpan<float> before = current.Values[..done.Origin];
                if (double.IsNaN(current.Scale))
                    current.Scale = Season.NaiveError(before, season);
                bool hasRidge = ridge is not null && ridge.TryForecast(before, groups.NameOf(index), ofRidge);
                evaluator.Add(groups.NameOf(index), before, current.Values.Slice(done.Origin, horizon), done.Forecast, current.Scale, done.Lower, done.Upper, hasRidge ? ofRidge : []);
            }
            ReadOnlySpan<float> values = Require(forecast.Read(), _columns.Forecast, horizon, cursor);
            if (float.IsFinite(values[0]))
                current.Keep(values.ToArray(), BoundOf(lower, _columns.LowerBound, horizon, cursor), BoundOf(upper, _columns.UpperBound, horizon, cursor));
        }
        return compared;
    }

    private int Check(DataViewSchema schema)
    {
        DataViewSchema.Column label = Find(schema, LabelRole, _columns.Label), forecast = Find(schema, ForecastRole, _columns.Forecast);
        int horizon = SizeOf(forecast, ForecastRole);
        if (label.Type is VectorDataViewType && SizeOf(label, LabelRole) is var values && values != horizon)
            throw SchemaMismatch.IllTyped(_context, LabelRole, label.Name,
                FormattableString.Invariant($"Single, one value of the series in each row, or {horizon} values, those that column '{_columns.Forecast}' forecasts"), label.Type.ToString()!);
        foreach (string? bound in (string?[])[_columns.LowerBound, _columns.UpperBound])
            if (bound is not null && SizeOf(Find(schema, BoundRole, bound), BoundRole) is var size && size != horizon)
                throw SchemaMismatch.IllTyped(_context, BoundRole, bound, FormattableString.Invariant($"{horizon} values, as column '{_columns.Forecast}' has"), schema[bound].Type.ToString()!);
        if (_columns.Group is { } group && SchemaMismatch.Find(_context, schema, GroupRole, group).Type is var type && !GroupReader.CanRead(type))
            throw SchemaMismatch.IllTyped(_context, GroupRole, group, GroupReader.Expected, type.ToString()!);
        return horizon;
    }

    private DataViewSchema.Column Find(DataViewSchema schema, string role, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(_context, schema, role, name);
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return item.Equals(NumberDataViewType.Single) ? column : throw SchemaMismatch.IllTyped(_context, role, name, "Single or Vector<Single>", column.Type.ToString()!);
    }

    private int SizeOf(DataViewSchema.Column column, string role) => column.Type is not VectorDataViewType vector ? 1
        : vector.IsKnownSize ? vector.Size
        : throw SchemaMismatch.IllTyped(_context, role, column.Name, "a vector of known size, the horizon", column.Type.ToString()!);

    private IEnumerable<DataViewSchema.Column> Needed(DataViewSchema schema) =>
        new[] { _columns.Label, _columns.Forecast, _columns.Group, _columns.LowerBound, _columns.UpperBound }.OfType<string>().Distinct().Select(name => schema[name]);

    private DataViewSchema.Column? Group(DataViewSchema schema) => _columns.Group is { } group ? SchemaMismatch.Find(_context, schema, GroupRole, group) : null;

    private static NumberReader? Bound(DataViewRow row, string? name) => name is null ? null : new NumberReader(row, row.Schema[name]);

    private float[] BoundOf(NumberReader? reader, string? name, int horizon, DataViewRow row) => reader is null ? [] : Require(reader.Read(), name!, horizon, row).ToArray();

    private ReadOnlySpan<float> Require(ReadOnlySpan<float> values, string name, int horizon, DataViewRow row) => values.Length == horizon
        ? values
        : throw _context.Process(new InvalidOperationException(FormattableString.Invariant($"Column '{name}' has {values.Length} values in row {row.Position}; expected {horizon}, the horizon.")));

    private Dictionary<string, float[]> ReadSeries(IDataView data)
    {
        Find(data.Schema, LabelRole, _columns.Label);
        DataViewSchema.Column? group = Group(data.Schema);
        DataViewSchema.Column label = data.Schema[_columns.Label];
        using DataViewRowCursor cursor = data.GetRowCursor(group is { } column ? [label, column] : [label]);
        var groups = new GroupReader(cursor, group);
        var reader = new NumberReader(cursor, label);
        var series = new List<List<float>>();
        while (cursor.MoveNext())
        {
            int index = groups.Read();
            if (index == series.Count)
                series.Add([]);
            series[index].Add(reader.Read()[0]);
        }
        return Enumerable.Range(0, series.Count).ToDictionary(groups.NameOf, index => series[index].ToArray());
    }
}
