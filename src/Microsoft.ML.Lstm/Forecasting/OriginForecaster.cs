using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Validation;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Forecasts from given origins by a trained model, from the rows before them alone.</summary>
internal abstract class OriginForecaster
{
    /// <summary>For a model.</summary>
    public static OriginForecaster Of(ITransformer model, IDataView data, SeriesTable table, BacktestColumns columns) =>
        model is LstmForecastingTransformer lstm ? new Windows(lstm.Model, table) : new Rows(model, data, table, columns);

    /// <summary>Forecasts.</summary>
    /// <param name="origins">Rows known of each series; less than 1: no forecast.</param>
    /// <param name="ridge">Handed on.</param>
    public abstract OriginForecasts Forecast(int[] origins, RidgeBaseline? ridge);

    /// <summary>A network forecasts the windows that are asked for and no others.</summary>
    private sealed class Windows(ForecastModel model, SeriesTable table) : OriginForecaster
    {
        private readonly ForecastPredictor _predictor = new(model, table.Series);

        public override OriginForecasts Forecast(int[] origins, RidgeBaseline? ridge)
        {
            int targets = model.Settings.TargetCount;
            (int Series, int Target, int Origin)[] windows = [.. from s in Enumerable.Range(0, origins.Length)
                                                                 where _predictor.HasOrigin(s, origins[s])
                                                                 from t in Enumerable.Range(0, targets)
                                                                 select (s, t, origins[s])];
            var found = new SeriesForecast[windows.Length];
            _predictor.Forecast(windows, found);
            SeriesForecast none = Missing(model.Horizon, model.Calibration is not null);
            SeriesForecast[] all = [.. Enumerable.Repeat(none, origins.Length * targets)];
            for (int i = 0; i < windows.Length; i++)
                all[(windows[i].Series * targets) + windows[i].Target] = found[i];
            return new OriginForecasts(all, ridge);
        }
    }

    /// <summary>Any model scores the rows up to the end of the horizon, and the forecast is read off the last row that is known.</summary>
    private sealed class Rows(ITransformer model, IDataView data, SeriesTable table, BacktestColumns columns) : OriginForecaster
    {
        public override OriginForecasts Forecast(int[] origins, RidgeBaseline? ridge)
        {
            var known = new RowSelectionView(data, row => table.RowPlaces[row] < origins[table.RowSeries[row]] + columns.Horizon && origins[table.RowSeries[row]] > 0);
            IDataView scored = model.Transform(known);
            SeriesForecast[] all = [.. Enumerable.Repeat(Missing(columns.Horizon, columns.Outputs.LowerBound is not null), origins.Length)];
            using DataViewRowCursor cursor = scored.GetRowCursor(columns.Outputs.All.Select(name => Column(scored.Schema, name)));
            NumberReader[] readers = [.. columns.Outputs.All.Select(name => new NumberReader(cursor, scored.Schema[name]))];
            foreach (int row in known.SelectedRows())
            {
                if (!cursor.MoveNext())
                    throw new InvalidOperationException(Invariant($"The forecaster's Transform left out rows; expected as many as it is given, so that row {row} has its forecast."));
                int series = table.RowSeries[row];
                if (table.RowPlaces[row] != origins[series] - 1)
                    continue;
                float[][] values = [.. readers.Select(reader => reader.Read().ToArray())];
                if (values.FirstOrDefault(v => v.Length != columns.Horizon) is { } wrong)
                    throw new InvalidOperationException(Invariant($"Column '{columns.Outputs.Forecast}' has {wrong.Length} values in row {row}; expected {columns.Horizon}, the horizon."));
                all[series] = new SeriesForecast(values[0], values.Length > 1 ? values[1] : [], values.Length > 1 ? values[2] : []);
            }
            return new OriginForecasts(all, ridge);
        }

        private static DataViewSchema.Column Column(DataViewSchema schema, string name) => schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(
            nameof(name), Invariant($"Could not find forecast column '{name}'; the forecaster's output has {string.Join(", ", schema.Where(c => !c.IsHidden).Select(c => Invariant($"'{c.Name}'")))}."));
    }

    private static SeriesForecast Missing(int horizon, bool hasBounds)
    {
        float[] nothing = [.. Enumerable.Repeat(float.NaN, horizon)];
        return new SeriesForecast(nothing, hasBounds ? nothing : [], hasBounds ? nothing : []);
    }
}
