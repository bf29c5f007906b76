namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>How a file is written, as far as its first rows tell.</summary>
/// <param name="Separator">What stands between fields.</param>
/// <param name="HasHeader">Whether the first row names the columns.</param>
/// <param name="Numbers">How values are written.</param>
/// <param name="Columns">The columns.</param>
internal sealed record CsvDialect(char Separator, bool HasHeader, NumberFormat Numbers, IReadOnlyList<ColumnGuess> Columns)
{
    /// <summary>The column of that name.</summary>
    /// <param name="name">The name, whose case does not matter where no two columns differ by it alone.</param>
    /// <param name="flag">The flag that said it, for the message.</param>
    /// <exception cref="ToolException">There is none.</exception>
    public ColumnGuess Find(string name, string flag)
    {
        ColumnGuess[] exact = [.. Columns.Where(column => column.Name == name)], like = [.. Columns.Where(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase))];
        return exact.Length > 0 ? exact[0] : like.Length == 1 ? like[0]
            : throw new ToolException($"{flag} is '{name}'; expected one of the columns {string.Join(", ", Columns.Select(column => $"'{column.Name}'"))}. If they are not what the file has, --separator and --header say how to read it.");
    }
}
