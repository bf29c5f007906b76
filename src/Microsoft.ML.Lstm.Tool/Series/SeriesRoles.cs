using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Series;

/// <summary>Which column of a table is what.</summary>
/// <param name="Targets">What is to be forecast.</param>
/// <param name="Time">When rows are from; null: rows are the steps.</param>
/// <param name="Group">What tells series apart; null: all rows are one.</param>
/// <param name="Past">Covariates known of the past alone.</param>
/// <param name="Future">Covariates known of the future too.</param>
/// <param name="Static">Covariates that stay the same for a series.</param>
internal sealed record SeriesRoles(
    IReadOnlyList<ColumnGuess> Targets, ColumnGuess? Time, ColumnGuess? Group, IReadOnlyList<ColumnGuess> Past, IReadOnlyList<ColumnGuess> Future, IReadOnlyList<ColumnGuess> Static)
{
    /// <summary>Covariates of all kinds.</summary>
    public IEnumerable<ColumnGuess> Covariates => Past.Concat(Future).Concat(Static);

    /// <summary>Covariates that are texts, which the network is told as one of so many.</summary>
    public IEnumerable<ColumnGuess> Categories => Covariates.Where(column => column.Kind == ColumnKind.Text);

    /// <summary>What a column is taken as, in words; empty if it is not used.</summary>
    public string NameOf(ColumnGuess column) =>
        Targets.Contains(column) ? "target" : column == Time ? "time" : column == Group ? "group"
        : Past.Contains(column) ? "past covariate" : Future.Contains(column) ? "future covariate" : Static.Contains(column) ? "static covariate" : "";

    /// <summary>What to read of the table.</summary>
    public IReadOnlyList<(ColumnGuess Column, ColumnKind Kind)> ToRead() =>
    [
        .. Targets.Select(column => (column, ColumnKind.Number)),
        .. Single(Time, ColumnKind.Time),
        .. Single(Group, ColumnKind.Text),
        .. Covariates.Select(column => (column, column.Kind == ColumnKind.Text ? ColumnKind.Text : ColumnKind.Number)),
    ];

    /// <summary>Takes what a person said, and finds out the rest.</summary>
    /// <exception cref="ToolException">A column is missing, said twice, or cannot be what it should; or it cannot be told what to forecast.</exception>
    public static SeriesRoles Of(SeriesRequest request, CsvDialect dialect)
    {
        ColumnGuess[] past = Find(request.Past, "--past"), future = Find(request.Future, "--future"), statics = Find(request.Static, "--static");
        ColumnGuess? group = request.Group is { } name ? dialect.Find(name, "--group") : null;
        ColumnGuess? time = request.Time is { } said ? dialect.Find(said, "--time") : dialect.Columns.FirstOrDefault(column => column.Kind == ColumnKind.Time);
        if (time is { Kind: not ColumnKind.Time })
            throw new ToolException($"--time is '{time.Name}', which has \"{time.Example}\"; expected a column of times, such as 2026-11-26 or 26.11.2026 14:00. --date-format says how they are written, as \"yyyy-MM-dd HH:mm\" does.");
        ColumnGuess[] taken = [.. past, .. future, .. statics, .. Some(group), .. Some(time)];
        ColumnGuess[] targets = request.Targets.Count > 0 ? Find(request.Targets, "--target") : Guess(dialect, taken);
        foreach (ColumnGuess twice in taken.Concat(targets).GroupBy(column => column.Index).Where(same => same.Count() > 1).Select(same => same.First()))
            throw new ToolException($"Column '{twice.Name}' was given twice; expected one of --target, --time, --group, --past, --future and --static for each column.");
        foreach (ColumnGuess target in targets)
            if (target.Kind == ColumnKind.Text)
                throw new ToolException($"--target is '{target.Name}', which has \"{target.Example}\"; expected a column of values. --decimal says what comes before a fraction.{NumberFormat.WhyNot(target.Example)}");
        foreach (ColumnGuess covariate in past.Concat(future).Concat(statics).Where(column => column.Kind == ColumnKind.Time))
            throw new ToolException($"Column '{covariate.Name}' has times, such as \"{covariate.Example}\"; expected a covariate of values or texts. What the calendar says is read off --time by itself.");
        return new SeriesRoles(targets, time, group, past, future, statics);

        ColumnGuess[] Find(IReadOnlyList<string> names, string flag) => [.. names.Select(column => dialect.Find(column, flag))];
    }

    private static ColumnGuess[] Guess(CsvDialect dialect, ColumnGuess[] taken)
    {
        ColumnGuess[] numbers = [.. dialect.Columns.Where(column => column.Kind == ColumnKind.Number && !taken.Contains(column))];
        return numbers.Length == 1 ? numbers : throw new ToolException(numbers.Length == 0
            ? $"No column has values: {string.Join(", ", dialect.Columns.Select(column => $"'{column.Name}' has \"{column.Example}\""))}; expected one to forecast. --separator, --header and --decimal say how to read the file, --target names the column.{dialect.Columns.Select(column => NumberFormat.WhyNot(column.Example)).FirstOrDefault(why => why.Length > 0)}"
            : $"Several columns have values: {string.Join(", ", numbers.Select(column => $"'{column.Name}'"))}; expected one to forecast. --target says which.");
    }

    private static ColumnGuess[] Some(ColumnGuess? column) => column is null ? [] : [column];

    private static (ColumnGuess, ColumnKind)[] Single(ColumnGuess? column, ColumnKind kind) => column is null ? [] : [(column, kind)];
}
