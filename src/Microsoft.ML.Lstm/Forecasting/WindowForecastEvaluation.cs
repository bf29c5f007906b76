using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Windowing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Compares, row by row, several values that were forecast at once with a label of as many: what <c>Regression.Evaluate</c> refuses. Where <c>WindowSequence</c> made the label, the
/// baselines forecast from the window beside it; elsewhere nothing is known before a label, and they forecast nothing.
/// </summary>
internal sealed class WindowForecastEvaluation(IExceptionContext context, ForecastColumns columns, Dictionary<string, float[]> histories, int season)
{
    /// <summary>Reads all rows; returns how many forecasts were compared.</summary>
    public long Run(IDataView data, int outputs, RidgeBaseline? ridge, ForecastEvaluator evaluator)
    {
        WindowAnnotation? annotation = WindowOf(data.Schema);
        int targets = Math.Max(1, annotation?.FeatureIndices.Count ?? 1), horizon = outputs / targets;
        if (targets > 1)
            throw SchemaMismatch.IllTyped(context, "label", columns.Label, Invariant($"the values of one series, not of {targets}: a label column for each"), data.Schema[columns.Label].Type.ToString()!);
        DataViewSchema.Column? group = columns.Group is { } name ? GroupReader.Find(context, data.Schema, name) : null;
        string?[] names = [columns.Label, columns.Forecast, columns.LowerBound, columns.UpperBound, annotation?.WindowColumnName, columns.Group];
        using DataViewRowCursor cursor = data.GetRowCursor(names.OfType<string>().Distinct().Select(column => data.Schema[column]));
        var groups = new GroupReader(cursor, group);
        NumberReader label = Open(columns.Label)!, forecast = Open(columns.Forecast)!;
        NumberReader? lower = Open(columns.LowerBound), upper = Open(columns.UpperBound), window = Open(annotation?.WindowColumnName);
        float[] linear = ridge is null ? [] : new float[horizon];
        long compared = 0;
        while (cursor.MoveNext())
        {
            string series = groups.NameOf(groups.Read());
            float[] history = window is null ? [] : SeriesOf(window.Read(), annotation!);
            ReadOnlySpan<float> values = forecast.Read(), actual = label.Read();
            if (!float.IsFinite(values[0]) || !actual.ContainsAnyInRange(float.MinValue, float.MaxValue))
                continue;
            compared++;
            double scale = Season.NaiveError(histories.TryGetValue(series, out float[]? known) ? known : history, season);
            bool hasRidge = ridge is not null && ridge.TryForecast(history, series, linear);
            evaluator.Add(series, history, actual, values, scale, lower is null ? [] : lower.Read(), upper is null ? [] : upper.Read(), hasRidge ? linear : []);
        }
        return compared;

        NumberReader? Open(string? column) => column is null ? null : new NumberReader(cursor, data.Schema[column]);
    }

    // The window that the label continues, if it is still there.
    private WindowAnnotation? WindowOf(DataViewSchema schema) =>
        WindowAnnotations.TryRead(schema[columns.Label], out WindowAnnotation annotation) && annotation.Horizon > 0 && annotation.FeatureIndices is { Count: > 0 }
            && (annotation.FeatureIndices.Count > 1 || annotation.FeatureIndices[0] >= 0) && schema.GetColumnOrNull(annotation.WindowColumnName) is not null
            ? annotation
            : null;

    private static float[] SeriesOf(ReadOnlySpan<float> window, WindowAnnotation annotation)
    {
        float[] series = new float[window.Length / annotation.RowSize];
        for (int row = 0; row < series.Length; row++)
            series[row] = window[(row * annotation.RowSize) + annotation.FeatureIndices[0]];
        return series;
    }
}
