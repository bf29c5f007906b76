namespace Microsoft.ML.Lstm.Models;

/// <summary>What the keys of classes stand for.</summary>
/// <param name="ItemType">The values' type, as ML.NET writes it.</param>
/// <param name="Texts">The values as text, that of key 1 first.</param>
internal sealed record ClassValues(string ItemType, IReadOnlyList<string> Texts);
