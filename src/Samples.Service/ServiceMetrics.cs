using System.Diagnostics.Metrics;

namespace Samples.Service;

/// <summary>What the service counts, beside what ASP.NET Core does of itself (requests, latencies): OpenTelemetry reads it by the meter's name.</summary>
public sealed class ServiceMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Samples.Service";

    private readonly Counter<long> _rows, _reloads;
    private readonly Histogram<double> _seconds;

    public ServiceMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName);
        _rows = meter.CreateCounter<long>("forecast.rows", "{row}", "Rows that forecasts were made of");
        _reloads = meter.CreateCounter<long>("forecast.model.loads", "{load}", "Models that were loaded");
        _seconds = meter.CreateHistogram<double>("forecast.duration", "s", "Time that a forecast takes, the request apart");
    }

    /// <summary>A forecast was made.</summary>
    public void Forecast(int rows, double seconds)
    {
        _rows.Add(rows);
        _seconds.Record(seconds);
    }

    /// <summary>A model was loaded.</summary>
    public void Reloaded() => _reloads.Add(1);
}
