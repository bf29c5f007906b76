namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>What a person asks of a training.</summary>
internal sealed record TrainOptions(string Path, string Output, bool Force, int Epochs, int HiddenSize, int Seed, double TestFraction)
{
    /// <summary>The file that is written.</summary>
    public const string Model = "model.zip";
}
