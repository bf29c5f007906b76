namespace Microsoft.ML.Lstm.Search;

/// <summary>A finished training as the folder keeps it.</summary>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Score">What it gave; null where it diverged.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Settings">What it tried, for whoever reads the file.</param>
internal sealed record SearchRecord(int Epochs, double? Score, double Seconds, IReadOnlyDictionary<string, string> Settings);
