namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>What a column seems to hold, by its first rows.</summary>
/// <param name="Name">Its name in the header, or Column1, Column2, ….</param>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Example">Its first value.</param>
/// <param name="DateFormat">How it writes times; null if it holds none.</param>
/// <param name="IsAmbiguous">Whether its times or values can be read in another way too.</param>
internal sealed record ColumnGuess(string Name, int Index, ColumnKind Kind, string Example, string? DateFormat = null, bool IsAmbiguous = false)
{
    /// <summary>What it holds, in words.</summary>
    public string Holds => Kind switch
    {
        ColumnKind.Number => "values",
        ColumnKind.Time => $"times, {DateFormat}",
        _ => "text",
    };
}
