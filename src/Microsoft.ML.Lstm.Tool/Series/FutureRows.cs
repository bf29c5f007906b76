using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tool.Series;

/// <summary>A row of a forecast.</summary>
/// <param name="Series">The series; empty where there is no group.</param>
/// <param name="Target">What is forecast.</param>
/// <param name="Step">Rows ahead, from 1.</param>
/// <param name="Time">When it will be; null without times.</param>
/// <param name="Forecast">The forecast.</param>
/// <param name="Lower">Lower bound of its interval; NaN if there is none.</param>
/// <param name="Upper">Upper bound.</param>
internal sealed record FutureRow(string Series, string Target, int Step, DateTime? Time, float Forecast, float Lower, float Upper)
{
    /// <summary>What a model forecasts from the last known row of each series.</summary>
    public static IReadOnlyList<FutureRow> Read(SeriesTable table, ITransformer model)
    {
        IDataView scored = model.Transform(table.View);
        // What the forecaster adds: the forecast, and its bounds if it has any, whatever they are called.
        DataViewSchema.Column[] added = [.. scored.Schema.Where(column => !column.IsHidden && table.View.Schema.GetColumnOrNull(column.Name) is null)];
        DataViewSchema.Column forecast = added[0];
        DataViewSchema.Column? lower = added.Length > 2 ? added[1] : null, upper = added.Length > 2 ? added[2] : null;
        var ends = table.Series.Select(series => (series.Name, series.Rows, Last: Array.FindLastIndex(series.Rows, table.IsKnown))).Where(end => end.Last >= 0).ToDictionary(end => end.Rows[end.Last]);
        var found = new Dictionary<string, FutureRow[]>();
        using DataViewRowCursor cursor = scored.GetRowCursor(new[] { forecast, lower, upper }.OfType<DataViewSchema.Column>());
        ValueGetter<VBuffer<float>> getForecast = cursor.GetGetter<VBuffer<float>>(forecast);
        ValueGetter<VBuffer<float>>? getLower = lower is { } l ? cursor.GetGetter<VBuffer<float>>(l) : null, getUpper = upper is { } u ? cursor.GetGetter<VBuffer<float>>(u) : null;
        VBuffer<float> values = default, low = default, high = default;
        TimeStep? step = table.Step;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            if (!ends.TryGetValue(row, out var end))
                continue;
            getForecast(ref values);
            getLower?.Invoke(ref low);
            getUpper?.Invoke(ref high);
            DateTime? origin = table.Roles.Time is null ? null : table.Times([row])[0];
            found[end.Name] = [.. Rows(table, end.Name, origin, step, [.. values.DenseValues()], [.. low.DenseValues()], [.. high.DenseValues()])];
        }
        return [.. table.Series.Where(series => found.ContainsKey(series.Name)).SelectMany(series => found[series.Name])];
    }

    private static IEnumerable<FutureRow> Rows(SeriesTable table, string name, DateTime? origin, TimeStep? step, float[] values, float[] low, float[] high)
    {
        int targets = table.Roles.Targets.Count, horizon = values.Length / targets;
        for (int target = 0; target < targets; target++)
            for (int h = 0; h < horizon; h++)
            {
                int i = (target * horizon) + h;
                DateTime? time = origin is { } from && step is { } one ? one.Add(from, h + 1) : null;
                yield return new FutureRow(name, table.Roles.Targets[target].Name, h + 1, time, values[i], low.Length > 0 ? low[i] : float.NaN, high.Length > 0 ? high[i] : float.NaN);
            }
    }
}
