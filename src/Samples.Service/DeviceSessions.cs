using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.ML.Lstm;

namespace Samples.Service;

/// <summary>
/// The latest rows of every device that sends its values one by one. Each has a lock of its own. When another model takes the place of the one that they began with, they begin anew: what
/// a model reads of a row, another may not.
/// </summary>
public sealed class DeviceSessions(ModelHolder models, IOptions<ServiceOptions> options, ILogger<DeviceSessions> log) : IHostedService
{
    private readonly Dictionary<string, Device> _devices = [];
    private readonly LinkedList<string> _byAge = [];

    /// <summary>Devices that are known.</summary>
    public int Count
    {
        get
        {
            lock (_devices)
                return _devices.Count;
        }
    }

    /// <summary>Takes a device's next value, and forecasts.</summary>
    /// <exception cref="InvalidOperationException">The time does not fit, or no value is known yet.</exception>
    public ForecastResult? Append(ForecastModel model, string id, RowRequest row)
    {
        Device device = Find(id);
        lock (device)
        {
            if (device.Session?.Model != model)
                device.Session = Restore(model, id) ?? model.CreateSession(id);
            device.Session.Append(row.Value ?? float.NaN, row.Time);
            return row.Value is null && device.Session.RowCount == 1 ? null : device.Session.Forecast();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Keeps the rows for the next run; the host calls it when no request is under way any more.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        if (options.Value.SessionFolder is not { } folder)
            return Task.CompletedTask;
        Directory.CreateDirectory(folder);
        lock (_devices)
            foreach ((string id, Device device) in _devices)
                if (device.Session is { } session && session.Model == models.Current)
                    session.Save(PathOf(folder, id));
        log.LogInformation("Kept the rows of {Count} devices in {Folder}", Count, folder);
        return Task.CompletedTask;
    }

    private Device Find(string id)
    {
        lock (_devices)
        {
            if (_devices.TryGetValue(id, out Device? known))
            {
                _byAge.Remove(known.Place);
                _byAge.AddLast(known.Place);
                return known;
            }
            if (_devices.Count >= options.Value.MaximumDevices)
            {
                _devices.Remove(_byAge.First!.Value);
                _byAge.RemoveFirst();
            }
            return _devices[id] = new Device(_byAge.AddLast(id));
        }
    }

    private ForecastSession? Restore(ForecastModel model, string id)
    {
        if (options.Value.SessionFolder is not { } folder || PathOf(folder, id) is var path && !File.Exists(path))
            return null;
        try
        {
            return model.LoadSession(PathOf(folder, id));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException)
        {
            log.LogWarning(e, "The rows kept of device {Device} do not belong to this model; it begins anew", id);
            return null;
        }
    }

    // A device's name comes from outside: no part of it becomes part of a path.
    private static string PathOf(string folder, string id) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))) + ".safetensors");

    private sealed class Device(LinkedListNode<string> place)
    {
        public LinkedListNode<string> Place { get; } = place;

        public ForecastSession? Session { get; set; }
    }
}
