namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>What a person asks of a training.</summary>
internal sealed record TrainOptions(string Path, string Output, bool Force, int Epochs, int HiddenSize, int Seed, double TestFraction,
    string? Code)
{
    /// <summary>The files that are written.</summary>
    public const string Model = "model.zip", Report = "report.html";
}
