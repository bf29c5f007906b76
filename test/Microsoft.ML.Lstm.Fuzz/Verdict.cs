namespace Microsoft.ML.Lstm.Fuzz;

/// <summary>What became of one file.</summary>
/// <param name="Kind">"loaded", "refused", or what is wrong.</param>
/// <param name="IsFine">Whether that is as documented.</param>
/// <param name="Error">What was thrown; null: nothing.</param>
internal sealed record Verdict(string Kind, bool IsFine, Exception? Error);
