using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Rows;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>A forecaster whose rows arrive one by one: a session for each series, and the forecast after the current row.</summary>
internal sealed class ForecastStream : ISeriesStream
{
    private readonly LstmForecastingTransformer _forecaster;
    private readonly SeriesRowReader _reader;
    private readonly SeriesByAge<ForecastSession, ForecastSession> _sessions;
    private SeriesForecast[] _forecasts = [];

    /// <summary>Resumes from the series that the forecaster was saved with.</summary>
    public ForecastStream(LstmForecastingTransformer forecaster, DataViewRow row, int? maximumSeries)
    {
        _forecaster = forecaster;
        // Refuses columns that are missing or of another type.
        _ = new SeriesReader(forecaster.Context, forecaster.Model.Input, row.Schema, forecaster.Model.Settings.Step);
        _reader = new SeriesRowReader(forecaster.Context, forecaster.Model.Input, row);
        Columns = forecaster.Columns();
        Dependencies = [.. forecaster.Model.Input.All.Distinct().Select(name => row.Schema[name])];
        _sessions = new SeriesByAge<ForecastSession, ForecastSession>(_reader.Groups, maximumSeries,
            forecaster.Sessions.Select(session => KeyValuePair.Create(session.Series, session)), Begin);
    }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies { get; }

    private ForecastModel Model => _forecaster.Model;

    public bool Take(in StreamRequest request)
    {
        int horizon = request.Horizon ?? _forecaster.Horizon;
        Model.RequireHorizon(horizon);
        RequireArgument(request.FutureCount == 0 || request.FutureCount >= Model.RowsAhead(horizon), "future", Invariant($"{request.FutureCount} rows"), $"{Model.SaidOfRowsAhead(horizon)}, or none");
        if (request.ConfidenceLevel is { } level)
            Model.RequireLevel(level);
        (ForecastRow row, DateTime? order) = _reader.Read();
        StreamRequest asked = request;
        List<ForecastRow> future = [];
        ForecastSession session = _sessions.Hear(_reader.Groups.Read(), session =>
        {
            // Before the row is taken: where these cannot be read, it is not, and can be given again.
            future = ReadFuture(asked, horizon);
            session.Append(row, order);
        });
        if ((Model.Settings.FutureSize > 0 && future.Count == 0) || !Enumerable.Range(0, Model.Settings.TargetCount).Any(session.HasKnownValue))
            return false;
        double? confidence = request.ConfidenceLevel;
        _forecasts = [.. Enumerable.Range(0, Model.Settings.TargetCount).Select(target => session.Forecast(target, future, horizon, confidence))];
        return true;
    }

    public Delegate[] CreateGetters(DataViewRow input) => [.. _forecaster.Outputs.All.Select((_, output) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
    {
        float[] values = [.. _forecasts.SelectMany(forecast => output switch { 0 => forecast.Values, 1 => forecast.Lower, _ => forecast.Upper })];
        VectorValue.Set<float>(values, ref value);
    }))];

    public ITransformer Saved() =>
        _forecaster.With([.. _sessions.NotHeardOf.Select(pair => pair.Value), .. _sessions.ByAge.Select(series => _sessions[series].Fork())]);

    private List<ForecastRow> ReadFuture(in StreamRequest request, int horizon)
    {
        var future = new List<ForecastRow>();
        for (int i = 0; i < Model.RowsAhead(horizon) && Model.Settings.FutureSize > 0 && request.FutureCount > 0; i++)
        {
            request.MoveToFuture!(i);
            future.Add(_reader.ReadFuture());
        }
        return future;
    }

    private ForecastSession Begin(int series, ForecastSession? saved) => saved?.Fork() ?? new ForecastSession(Model, _reader.Groups.NameOf(series), _reader.ReadStatics());
}
