using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Anomalies;

/// <summary>The scores of a data view's rows, computed in blocks as rows are asked for. Immutable and thread-safe.</summary>
internal sealed class AnomalyRows : IComputedColumns<double[]>
{
    private readonly AnomalySettings _settings;
    private readonly SeriesTable _table;
    private readonly ForecastPredictor _predictor;

    private AnomalyRows(ForecastModel model, AnomalySettings settings, SeriesTable table) =>
        (_settings, _table, _predictor) = (settings, table, new ForecastPredictor(model, table.Series));

    /// <summary>Reads the series of a view. All of their rows have passed, those at the end without a value too.</summary>
    public static AnomalyRows Read(IExceptionContext context, ForecastModel model, AnomalySettings settings, IDataView data)
    {
        SeriesTable table = new SeriesReader(context, model.Input, data.Schema, model.Settings.Step).Read(data, CancellationToken.None);
        return new AnomalyRows(model, settings, table with { Series = [.. table.Series.Select(Passed)] });
    }

    /// <summary>Scores rows from one on.</summary>
    /// <param name="first">The first row of the view.</param>
    /// <returns>For each of up to <see cref="ForecastRows.BlockSize"/> rows its scores.</returns>
    public double[][] Block(long first)
    {
        int count = (int)Math.Min(ForecastRows.BlockSize, _table.RowSeries.Length - first);
        (int Series, int Place)[] rows = [.. Enumerable.Range(0, count).Select(i => (_table.RowSeries[first + i], _table.RowPlaces[first + i]))];
        // What is expected of a row is forecast from the rows before it.
        int[] forecast = [.. Enumerable.Range(0, count).Where(i => _predictor.HasOrigin(rows[i].Series, rows[i].Place))];
        var found = new SeriesForecast[forecast.Length];
        _predictor.Forecast(forecast.Select(i => (rows[i].Series, 0, rows[i].Place)).ToArray(), found);
        double[][] block = [.. Enumerable.Range(0, count).Select(_ => AnomalySettings.Unknown())];
        for (int i = 0; i < found.Length; i++)
            block[forecast[i]] = _settings.Score(_table.Series[rows[forecast[i]].Series].Targets[0][rows[forecast[i]].Place], found[i].Values[0], found[i].Level, rows[forecast[i]].Place);
        return block;
    }

    /// <inheritdoc/>
    public Delegate CreateGetter(int output, DataViewType type, Func<double[]> row) =>
        (ValueGetter<VBuffer<double>>)((ref VBuffer<double> value) => VectorValue.Set<double>(row(), ref value));

    private static SeriesData Passed(SeriesData series) => new()
    {
        Name = series.Name,
        Times = series.Times,
        Targets = series.Targets,
        Past = series.Past,
        Future = series.Future,
        Statics = series.Statics,
        PassedCount = series.RowCount,
    };
}
