using Microsoft.Extensions.Options;
using Microsoft.ML.Lstm;

namespace Samples.Service;

/// <summary>
/// The forecaster in use. A file that takes its place is loaded beside it and then put in its place at once: requests under way end with the old one, none fails. A file that is no
/// model is told of, and the old one stays.
/// </summary>
public sealed class ModelHolder : BackgroundService
{
    private readonly ServiceOptions _options;
    private readonly ServiceMetrics _metrics;
    private readonly ILogger<ModelHolder> _log;
    private volatile Loaded? _current;
    private (DateTime Written, long Length) _seen;

    public ModelHolder(IOptions<ServiceOptions> options, ServiceMetrics metrics, ILogger<ModelHolder> log)
    {
        (_options, _metrics, _log) = (options.Value, metrics, log);
        Look();
    }

    /// <summary>The forecaster; null while there is none. Immutable and thread-safe: no pool is needed.</summary>
    public ForecastModel? Current => _current?.Model;

    /// <summary>How often a forecaster took another's place.</summary>
    public int Generation => _current?.Generation ?? 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_options.ReloadSeconds));
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    private void Look()
    {
        var file = new FileInfo(_options.ModelPath);
        if (!file.Exists || (file.LastWriteTimeUtc, file.Length) == _seen)
            return;
        _seen = (file.LastWriteTimeUtc, file.Length);
        try
        {
            _current = new Loaded(ForecastModel.Load(_options.ModelPath), Generation + 1);
            _metrics.Reloaded();
            _log.LogInformation("Loaded {Path}, generation {Generation}", _options.ModelPath, Generation);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException or UnauthorizedAccessException or ArgumentException)
        {
            _log.LogError(e, "{Path} cannot be loaded; generation {Generation} stays", _options.ModelPath, Generation);
        }
    }

    private sealed record Loaded(ForecastModel Model, int Generation);
}
