using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Anomalies;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>An anomaly detector whose rows arrive one by one: what is expected of a row is forecast before it is taken.</summary>
internal sealed class AnomalyStream : ISeriesStream
{
    private readonly LstmAnomalyDetectionTransformer _detector;
    private readonly SeriesRowReader _reader;
    private readonly SeriesByAge<ForecastSession, ForecastSession> _sessions;
    private double[] _scores = AnomalySettings.Unknown();

    /// <summary>Resumes from the series that the detector was saved with.</summary>
    public AnomalyStream(LstmAnomalyDetectionTransformer detector, DataViewRow row, int? maximumSeries)
    {
        _detector = detector;
        // Refuses columns that are missing or of another type.
        _ = new SeriesReader(detector.Context, detector.Model.Input, row.Schema, detector.Model.Settings.Step);
        _reader = new SeriesRowReader(detector.Context, detector.Model.Input, row);
        Columns = detector.Columns();
        Dependencies = [.. detector.Model.Input.All.Distinct().Select(name => row.Schema[name])];
        _sessions = new SeriesByAge<ForecastSession, ForecastSession>(_reader.Groups, maximumSeries,
            detector.Sessions.Select(session => KeyValuePair.Create(session.Series, session)), Begin);
    }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies { get; }

    public bool Take(in StreamRequest request)
    {
        if (!request.IsPlain)
            throw new InvalidOperationException("A horizon, a confidence level or rows of the future are given; expected none, since the model is an anomaly detector.");
        (ForecastRow row, DateTime? order) = _reader.Read();
        _sessions.Hear(_reader.Groups.Read(), session => Score(session, row, order));
        return true;
    }

    private void Score(ForecastSession session, ForecastRow row, DateTime? order)
    {
        if (_detector.Model.Settings.Step is not null)
            session.Advance(row.Time, order);
        _scores = AnomalySettings.Unknown();
        if (session.RowCount > 0)
        {
            SeriesForecast forecast = session.Forecast(0, [row], session.Model.Horizon, null);
            _scores = _detector.Settings.Score(row.Targets[0], forecast.Values[0], forecast.Level, session.RowCount);
        }
        session.Append(row, order);
    }

    public Delegate[] CreateGetters(DataViewRow input) => [(ValueGetter<VBuffer<double>>)((ref VBuffer<double> value) => VectorValue.Set<double>(_scores, ref value))];

    public ITransformer Saved() =>
        _detector.With([.. _sessions.NotHeardOf.Select(pair => pair.Value), .. _sessions.ByAge.Select(series => _sessions[series].Fork())]);

    private ForecastSession Begin(int series, ForecastSession? saved) =>
        saved?.Fork() ?? new ForecastSession(_detector.Model, _reader.Groups.NameOf(series), _reader.ReadStatics());
}
