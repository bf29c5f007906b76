using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The forecasts of a data view's rows, computed in blocks as rows are asked for. Immutable and thread-safe.</summary>
internal sealed class ForecastRows : IComputedColumns<SeriesForecast[]>
{
    /// <summary>Rows that are forecast at a time, on all cores.</summary>
    public const int BlockSize = 512;
    private readonly ForecastModel _model;
    private readonly SeriesTable _table;
    private readonly ForecastPredictor _predictor;

    private readonly int _horizon;

    private ForecastRows(ForecastModel model, SeriesTable table, int horizon) =>
        (_model, _table, _predictor, _horizon) = (model, table, new ForecastPredictor(model, table.Series), horizon);

    /// <summary>Reads the series of a view.</summary>
    public static ForecastRows Read(IHost host, LstmForecastingTransformer transformer, IDataView data)
    {
        ForecastModel model = transformer.Model;
        SeriesTable table = new SeriesReader(host, model.Input, data.Schema, model.Settings.Step).Read(data, CancellationToken.None);
        RequireFuture(host, model, table);
        Warn(host, model, table);
        return new ForecastRows(model, table, transformer.Horizon);
    }

    /// <summary>Forecasts rows from one on.</summary>
    /// <param name="first">The first row of the view.</param>
    /// <returns>For each of up to <see cref="BlockSize"/> rows and each target a forecast; one of no length where there is none.</returns>
    public SeriesForecast[][] Block(long first)
    {
        int targets = _model.Settings.TargetCount, count = (int)Math.Min(BlockSize, _table.RowSeries.Length - first);
        var windows = new List<(int, int, int)>(count * targets);
        var places = new List<(int Row, int Target)>(count * targets);
        for (int i = 0; i < count; i++)
        {
            int series = _table.RowSeries[first + i], origin = _table.RowPlaces[first + i] + 1;
            for (int target = 0; target < targets && _predictor.HasOrigin(series, origin); target++)
            {
                windows.Add((series, target, origin));
                places.Add((i, target));
            }
        }
        var found = new SeriesForecast[windows.Count];
        (int, int, int)[] asked = [.. windows];
        _predictor.Forecast(asked, found);
        _predictor.ToHorizon(asked, found, _horizon);
        SeriesForecast[][] block = [.. Enumerable.Range(0, count).Select(_ => new SeriesForecast[targets])];
        for (int i = 0; i < found.Length; i++)
            block[places[i].Row][places[i].Target] = found[i];
        return block;
    }

    /// <inheritdoc/>
    public Delegate CreateGetter(int output, DataViewType type, Func<SeriesForecast[]> row)
    {
        int size = ((VectorDataViewType)type).Size;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Write(row(), output, size, ref value));
    }

    private static void Write(SeriesForecast[] targets, int output, int size, ref VBuffer<float> value)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, size);
        int horizon = size / targets.Length;
        for (int target = 0; target < targets.Length; target++)
        {
            SeriesForecast forecast = targets[target];
            float[]? values = output switch { 0 => forecast.Values, 1 => forecast.Lower, _ => forecast.Upper };
            Span<float> to = editor.Values.Slice(target * horizon, horizon);
            if (values is { Length: > 0 })
                values.CopyTo(to);
            else
                to.Fill(float.NaN);
        }
        value = editor.Commit();
    }

    // A row of the future says what is known of it, or is not there; a hole in it would be forecast from as if it were the value before.
    private static void RequireFuture(IHost host, ForecastModel model, SeriesTable table)
    {
        string[] columns = [.. model.Input.Future.SelectMany(covariate => Enumerable.Repeat(covariate.Name, covariate.Size))];
        foreach (SeriesData series in table.Series.Where(series => series.KnownCount > 0))
            for (int column = 0; column < columns.Length; column++)
                if (Array.FindIndex(series.Future[column], series.KnownCount, value => !float.IsFinite(value)) is >= 0 and var row)
                    throw host.Process(new InvalidOperationException(Invariant(
                        $"Column '{columns[column]}' has no value {series.PlaceOf(row)}{(model.Input.Group is null ? "" : Invariant($" of series '{series.Name}'"))}, after the last row with a target; expected one, since it is a covariate of the future.")));
    }

    // Not an error: the rows of a test set need no forecast beyond its end.
    private static void Warn(IHost host, ForecastModel model, SeriesTable table)
    {
        if (model.Settings.FutureSize == 0 || table.Series.All(series => series.RowCount - series.KnownCount >= model.Horizon))
            return;
        SeriesData first = table.Series.First(series => series.RowCount - series.KnownCount < model.Horizon);
        using IChannel channel = host.Start("Forecast");
        channel.Warning(MessageSensitivity.None, Invariant(
            $"Column '{model.Input.Future[0].Name}' is known for {first.RowCount - first.KnownCount} rows after the last value of series '{first.Name}'; expected {model.Horizon}, the horizon, to forecast from its last row. Rows whose horizon it does not reach have NaN."));
    }
}
