using Microsoft.ML;
using Microsoft.ML.Lstm;

namespace Samples;

/// <summary>What the command line asks of a sample.</summary>
/// <param name="Quick">Whether to train only as long as it takes to see that everything works.</param>
/// <param name="DataFolder">Folder with data sets that do not come with the samples; null: none was named.</param>
/// <param name="OutputFolder">Folder for models and reports.</param>
/// <param name="Cancellation">Ctrl-C.</param>
internal sealed record SampleContext(bool Quick, string? DataFolder, string OutputFolder, CancellationToken Cancellation)
{
    /// <summary>Which variant to run, of a sample that has several; null: its own choice.</summary>
    public string? Variant { get; init; }

    /// <summary>With how many seeds to repeat a sample that reports a mean over seeds; null: as many as its figures are given for.</summary>
    public int? Seeds { get; init; }

    /// <summary>What trains networks, of a sample that leaves it to its program. Default: managed C#.</summary>
    public TrainingEngine Engine { get; init; } = TrainingEngine.Managed;

    /// <summary>The CUDA device to train on, of an engine that knows devices; null: the CPU.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>ML.NET on that device. One that is asked for and not there is an error, so that no figure is the CPU's unseen.</summary>
    public MLContext CreateContext() => new(seed: 1) { GpuDeviceId = GpuDeviceId, FallbackToCpu = false };

    /// <summary>A data file: from the folder named on the command line if it is there, else one that comes with the samples.</summary>
    public string DataFile(string name)
    {
        string own = Path.Combine(AppContext.BaseDirectory, "Data", name), given = Path.Combine(DataFolder ?? "", name);
        return DataFolder is not null && File.Exists(given) ? given
            : File.Exists(own) ? own
            : throw new FileNotFoundException($"There is no file '{name}' in '{DataFolder ?? Path.GetDirectoryName(own)}'; name its folder with --data.", name);
    }

    /// <summary>Where to write a file.</summary>
    public string OutputFile(string name) => Path.Combine(Directory.CreateDirectory(OutputFolder).FullName, name);
}
