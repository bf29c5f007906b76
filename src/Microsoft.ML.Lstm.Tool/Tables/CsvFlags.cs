namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>What a person says of how a file is written; null is found out.</summary>
/// <param name="Separator">What stands between fields.</param>
/// <param name="Header">Whether the first row names the columns.</param>
/// <param name="Decimal">What comes before a fraction.</param>
/// <param name="DateFormat">How times are written, as .NET's custom formats have it.</param>
internal sealed record CsvFlags(char? Separator = null, bool? Header = null, char? Decimal = null, string? DateFormat = null);
