using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary>The flags that say what of a row is its sequence, and what to learn from it.</summary>
internal sealed class SequenceFlags
{
    private readonly CsvOptions _csv = new();
    private readonly Option<string> _label = new("--label") { Description = "Column to learn.", Required = true };
    private readonly Option<string?> _text = new("--text") { Description = "Column of text whose tokens are the sequence." };
    private readonly Option<string[]> _features = new("--features") { Description = "Columns whose values are the sequence, in this order. Default: all others that have values.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> _tokens = new("--tokens") { Description = "What a text is cut into: words or characters.", DefaultValueFactory = _ => "words" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_label, _text, _features, _tokens])
            command.Options.Add(option);
        _csv.AddTo(command);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="ToolException">A column is missing or has something else, or the file cannot be read.</exception>
    public (SequenceColumns Columns, CsvDialect Dialect, TableView Table) Read(ParseResult parsed, string path, bool isClass)
    {
        CsvDialect dialect = CsvSniffer.Look(path, _csv.Read(parsed));
        ColumnGuess label = dialect.Find(parsed.GetValue(_label)!, "--label");
        if (!isClass && label.Kind != ColumnKind.Number)
            throw new ToolException($"--label is '{label.Name}', which has \"{label.Example}\"; expected a column of values. lstm train classify learns texts, --decimal says what comes before a fraction.");
        string tokens = parsed.GetValue(_tokens)!;
        if (tokens is not ("words" or "characters"))
            throw new ToolException($"--tokens is '{tokens}'; expected words or characters.");
        string[] named = parsed.GetValue(_features) ?? [];
        ColumnGuess? text = parsed.GetValue(_text) is { } name ? dialect.Find(name, "--text") : null;
        if (text is not null && named.Length > 0)
            throw new ToolException("--text and --features were both given; expected one of them.");
        ColumnGuess[] values = text is not null ? [] : named.Length > 0 ? [.. named.Select(feature => dialect.Find(feature, "--features"))]
            : [.. dialect.Columns.Where(column => column != label && column.Kind == ColumnKind.Number)];
        if (text is null && values.Length == 0)
            throw new ToolException("No column but the label has values; expected a sequence of them in each row. --text names a column of text, --features those of values, --separator and --decimal say how to read the file.");
        if (values.FirstOrDefault(column => column.Kind != ColumnKind.Number) is { } wrong)
            throw new ToolException($"--features has '{wrong.Name}', which has \"{wrong.Example}\"; expected columns of values. --text names a column of text, --decimal says what comes before a fraction.");
        if (values.Append(text).Contains(label))
            throw new ToolException($"Column '{label.Name}' is the label and in the sequence; expected one of the two.");
        var columns = new SequenceColumns(label, text, tokens == "characters", values);
        return (columns, dialect, CsvTable.Read(path, dialect, columns.ToRead(isClass)));
    }
}
