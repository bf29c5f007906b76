using System.Globalization;
using System.Text;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>The C# of the rows of a CSV: a property for each column, and a method that reads them as the tool does.</summary>
internal sealed class RowsCode
{
    /// <summary>What the file that has it begins with.</summary>
    public const string Usings = """
        using System.Globalization;
        using Microsoft.ML.Data;
        using nietras.SeparatedValues;
        """;

    private readonly CsvDialect _dialect;
    private readonly IReadOnlyList<(ColumnGuess Column, ColumnKind Kind, string Property)> _columns;

    /// <param name="dialect">How the file is written.</param>
    /// <param name="columns">What is read of it.</param>
    /// <param name="taken">Names that no property can have.</param>
    public RowsCode(CsvDialect dialect, IEnumerable<(ColumnGuess Column, ColumnKind Kind)> columns, params string[] taken)
    {
        _dialect = dialect;
        var names = new HashSet<string>(["Read", "Number", .. taken], StringComparer.Ordinal);
        _columns = [.. columns.Select(read => (read.Column, read.Kind, CSharpText.Identifier(read.Column.Name, names)))];
    }

    /// <summary>The property of a column.</summary>
    public string Property(ColumnGuess column) => _columns.First(read => read.Column == column).Property;

    /// <summary>The properties of columns; all of them by default.</summary>
    /// <param name="which">Which.</param>
    public string Properties(Func<ColumnGuess, bool>? which = null)
    {
        var text = new StringBuilder();
        foreach ((ColumnGuess column, ColumnKind kind, string property) in _columns.Where(read => which is null || which(read.Column)))
        {
            string type = kind switch { ColumnKind.Number => "float", ColumnKind.Time => "DateTime", _ => "string" };
            string name = CSharpText.Literal(column.Name), initial = kind == ColumnKind.Text ? " = \"\";" : "";
            text.Append(CultureInfo.InvariantCulture,
                $"    [ColumnName({name})]\n    public {type} {property} {{ get; set; }}{initial}\n\n");
        }
        return text.ToString().TrimEnd();
    }

    /// <summary>The methods that read rows of a type.</summary>
    public string Reading(string type) => $$"""
            /// <summary>Reads the rows of a file.</summary>
            public static List<{{type}}> Read(string path)
            {
                using var text = new StreamReader(path);
                using SepReader reader = Sep.New({{CSharpText.Literal(_dialect.Separator)}})
                    .Reader(o => o with { HasHeader = false, Unescape = true, DisableColCountCheck = true }).From(text);
                var rows = new List<{{type}}>();
                bool isHeader = {{(_dialect.HasHeader ? "true" : "false")}};
                foreach (SepReader.Row row in reader)
                {
                    if (row.ColCount == 0 || (row.ColCount == 1 && row[0].Span.IsWhiteSpace()))
                        continue;
                    if (isHeader)
                    {
                        isHeader = false;
                        continue;
                    }
                    rows.Add(new {{type}}
                    {
        {{Assignments()}}
                    });
                }
                return rows;
            }

            private static float Number(ReadOnlySpan<char> field) =>
                float.TryParse(field.ToString(){{Replaced()}}, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : float.NaN;
        """;

    private string Assignments() => string.Join("\n", _columns.Select(read =>
    {
        string field = FormattableString.Invariant($"row[{read.Column.Index}].Span.Trim()");
        return $"                {read.Property} = {read.Kind switch
        {
            ColumnKind.Number => $"Number({field})",
            ColumnKind.Time => $"DateTime.ParseExact({field}, {CSharpText.Literal(read.Column.DateFormat!)}, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)",
            _ => $"{field}.ToString()",
        }},";
    }));

    private string Replaced()
    {
        NumberFormat numbers = _dialect.Numbers;
        return (numbers.Group is { } group ? $".Replace({CSharpText.Literal(group.ToString())}, \"\")" : "")
            + (numbers.Decimal == ',' ? ".Replace(',', '.')" : "") + ".Replace('\\u2212', '-')";
    }
}
