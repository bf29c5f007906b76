using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Reads the row that a cursor is at as a forecaster's row: series, time, targets, covariates.</summary>
internal sealed class SeriesRowReader
{
    private readonly NumberReader[] _targets;
    private readonly (Action<float[]> Read, float[] Values)[] _past, _future, _statics;
    private readonly TimeReader? _time;

    public SeriesRowReader(IExceptionContext context, ForecastInput input, DataViewRow row)
    {
        Groups = new GroupReader(row, input.Group is { } group ? row.Schema[group] : null);
        _time = input.Time is { } time ? TimeReader.Open(context, row, time) : null;
        _targets = [.. input.Targets.Select(target => new NumberReader(row, row.Schema[target]))];
        (_past, _future, _statics) = (Open(input.Past), Open(input.Future), Open(input.Static));

        (Action<float[]>, float[])[] Open(IEnumerable<Covariate> covariates) => [.. covariates.Select(covariate => (covariate.Open(context, row), new float[covariate.Size]))];
    }

    /// <summary>Tells series apart.</summary>
    public GroupReader Groups { get; }

    /// <summary>The row, and the time that orders it.</summary>
    public (ForecastRow Row, DateTime? Order) Read()
    {
        (DateTime Order, DateTime Clock)? time = _time?.ReadDate();
        return (new ForecastRow { Targets = [.. _targets.Select(target => target.Read()[0])], PastCovariates = Read(_past), FutureCovariates = Read(_future), Time = time?.Clock }, time?.Order);
    }

    /// <summary>What the row says of the future: its covariates alone.</summary>
    public ForecastRow ReadFuture() => new() { FutureCovariates = Read(_future) };

    /// <summary>Its static covariates.</summary>
    public float[] ReadStatics() => Read(_statics);

    private static float[] Read((Action<float[]> Read, float[] Values)[] covariates)
    {
        foreach ((Action<float[]> read, float[] values) in covariates)
            read(values);
        return [.. covariates.SelectMany(covariate => covariate.Values)];
    }
}
