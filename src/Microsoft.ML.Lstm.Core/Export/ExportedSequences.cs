namespace Microsoft.ML.Lstm.Export;

/// <summary>What a graph knows of the sequences that it is given.</summary>
/// <param name="Batch">Their number, a list of one.</param>
/// <param name="Lengths">The length of each, [B] of 32 bits; empty where all are as long as the longest.</param>
/// <param name="Steps">The length of all, where it is known when the graph is written.</param>
internal readonly record struct ExportedSequences(string Batch, string Lengths, int? Steps);
