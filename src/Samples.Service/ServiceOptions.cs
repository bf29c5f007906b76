namespace Samples.Service;

/// <summary>What the service is told by its configuration, section <c>Forecasting</c>.</summary>
public sealed class ServiceOptions
{
    /// <summary>The forecaster: an ML.NET .zip with one, or its .safetensors. Replaced while the service runs, it is loaded anew.</summary>
    public string ModelPath { get; set; } = "model.zip";

    /// <summary>Seconds between looks whether the model was replaced.</summary>
    public double ReloadSeconds { get; set; } = 1;

    /// <summary>Folder in which the rows of devices are kept from one run to the next; null: they are forgotten.</summary>
    public string? SessionFolder { get; set; }

    /// <summary>Devices that are known at once; the one heard of least recently goes when there are more.</summary>
    public int MaximumDevices { get; set; } = 10_000;
}
