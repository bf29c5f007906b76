namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>A series that goes on after its last known row with values that were forecast: what a recursive forecast reads. Needs a forecaster without past covariates.</summary>
internal sealed class ForecastContinued
{
    private readonly ForecastModel _model;
    private readonly SeriesData _source;
    private readonly int _first;
    private readonly List<float> _values;

    /// <summary>Begins with what is known.</summary>
    /// <param name="model">The forecaster.</param>
    /// <param name="source">The series.</param>
    /// <param name="target">Which of its targets.</param>
    /// <param name="origin">Rows known.</param>
    public ForecastContinued(ForecastModel model, SeriesData source, int target, int origin)
    {
        (_model, _source) = (model, source);
        _first = Math.Max(0, origin - model.WindowLength);
        _values = [.. source.Targets[target].AsSpan(_first, origin - _first)];
    }

    /// <summary>Whether the covariates of the future are known for the next horizon.</summary>
    public bool IsKnown => _model.Settings.FutureSize == 0 || _first + _values.Count + _model.Horizon <= _source.RowCount;

    /// <summary>Rows of <see cref="ToSeries"/> that have a value.</summary>
    public int Origin => Math.Min(_values.Count, _model.WindowLength);

    /// <summary>Goes on with values.</summary>
    public void Append(ReadOnlySpan<float> values) => _values.AddRange(values);

    /// <summary>The latest window as a series, with the covariates of its future.</summary>
    public SeriesData ToSeries()
    {
        ForecastSettings settings = _model.Settings;
        int rows = Origin, first = _first + _values.Count - rows, ahead = settings.FutureSize > 0 ? settings.Horizon : 0;
        float[] values = new float[rows + ahead];
        _values.CopyTo(_values.Count - rows, values, 0, rows);
        values.AsSpan(rows).Fill(float.NaN);
        return new SeriesData
        {
            Name = _source.Name,
            Times = settings.Calendar == CalendarFeatures.None ? [] : [.. Enumerable.Range(first, rows + ahead).Select(row => settings.TimeOf(_source, row))],
            Targets = [.. Enumerable.Repeat(values, settings.TargetCount)],
            Past = [],
            Future = [.. _source.Future.Select(column => column[first..(first + rows + ahead)])],
            Statics = _source.Statics,
            PassedCount = rows,
        };
    }
}
