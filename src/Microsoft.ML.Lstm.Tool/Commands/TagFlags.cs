using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary>The flags that say where a file has sequences and their tags.</summary>
internal sealed class TagFlags
{
    private readonly CsvOptions _csv = new();
    private readonly Option<string> _label = new("--label")
    {
        Description = "Column of tags: one in each row, or, without --group, as many as --text has words.",
        Required = true,
    };

    private readonly Option<string?> _group = new("--group")
    {
        Description = "Column that tells sequences apart: each row is a step. Without it each row is a text with its tags.",
    };

    private readonly Option<string?> _time = new("--time")
    {
        Description = "Column of times or values by which the steps of a sequence are put in order. Default: as the file has them.",
    };

    private readonly Option<string?> _text = new("--text")
    {
        Description = "Column of words, one in each row; without --group, of texts. Default: the only other column of texts.",
    };

    private readonly Option<string[]> _features = new("--features")
    {
        Description = "Columns whose values are a step. Default: without a column of texts, all others that have values.",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_label, _group, _time, _text, _features])
            command.Options.Add(option);
        _csv.AddTo(command);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="ToolException">A column is missing or has something else, or the file cannot be read.</exception>
    public (TagColumns Columns, CsvDialect Dialect, TableView Table) Read(ParseResult parsed, string path)
    {
        CsvDialect dialect = CsvSniffer.Look(path, _csv.Read(parsed));
        ColumnGuess label = dialect.Find(parsed.GetValue(_label)!, "--label");
        ColumnGuess? group = Find(_group), order = Find(_time), text = Find(_text);
        ColumnGuess[] values = [.. (parsed.GetValue(_features) ?? []).Select(name => dialect.Find(name, "--features"))];
        if (group is null && order is not null)
            throw new ToolException($"--time is '{order.Name}', and --group is not given; expected --group too: it names the column that tells apart the sequences whose steps are put in order.");
        if (order is { Kind: ColumnKind.Text })
            throw new ToolException($"--time is '{order.Name}', which has \"{order.Example}\"; expected a column of times or values. --date-format says how times are written.");
        if (text is not null && values.Length > 0)
            throw new ToolException("--text and --features were both given; expected one of them.");
        if (group is null && values.Length > 0)
            throw new ToolException("--features was given without --group; expected --group too: it names the column that tells apart the sequences whose steps are rows.");
        if (values.FirstOrDefault(column => column.Kind != ColumnKind.Number) is { } wrong)
            throw new ToolException($"--features has '{wrong.Name}', which has \"{wrong.Example}\"; expected columns of values. --text names a column of words, --decimal says what comes before a fraction.");
        ColumnGuess[] free = [.. dialect.Columns.Where(column => column != label && column != group && column != order)];
        // Beside words, values are most often their places.
        if (text is null && values.Length == 0 && group is not null && free.Count(column => column.Kind == ColumnKind.Text) != 1)
            values = [.. free.Where(column => column.Kind == ColumnKind.Number)];
        if (text is null && values.Length == 0)
            text = OnlyText(dialect, free, label, group);
        var columns = new TagColumns(label, group, order, text, values);
        foreach (ColumnGuess twice in columns.ToRead().GroupBy(read => read.Column.Index).Where(same => same.Count() > 1)
            .Select(same => same.First().Column))
            throw new ToolException($"Column '{twice.Name}' was given twice; expected one of --label, --group, --time, --text and --features for each column.");
        return (columns, dialect, CsvTable.Read(path, dialect, columns.ToRead()));

        ColumnGuess? Find(Option<string?> option) => parsed.GetValue(option) is { } name ? dialect.Find(name, option.Name) : null;
    }

    private static ColumnGuess OnlyText(CsvDialect dialect, ColumnGuess[] free, ColumnGuess label, ColumnGuess? group)
    {
        ColumnGuess[] texts = [.. free.Where(column => column.Kind == ColumnKind.Text)];
        if (group is null && (texts.Length == 0 || label.Kind == ColumnKind.Number))
            throw new ToolException($"The file has {string.Join(", ", dialect.Columns.Select(column => $"'{column.Name}'"))}; expected to be told where a sequence begins. --group names the column that tells sequences apart, where rows are steps; --text a column of texts with as many words as '{label.Name}' has tags.");
        return texts.Length == 1 ? texts[0] : throw new ToolException(texts.Length == 0
            ? "No column is left that the tags could be told from; expected words or values in each row. --text names a column of words, --features those of values."
            : $"Several columns have texts: {string.Join(", ", texts.Select(column => $"'{column.Name}'"))}; expected one whose words are tagged. --text says which{(group is null ? "; --group names the column that tells sequences apart, where rows are steps" : "")}.");
    }
}
