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
