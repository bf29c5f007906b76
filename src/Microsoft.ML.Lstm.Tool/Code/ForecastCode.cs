using System.Globalization;
using System.Text;
using Microsoft.ML.Lstm.Tool.Commands;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Series;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>The C# of a forecast.</summary>
internal sealed class ForecastCode
{
    private readonly SeriesRun _run;
    private readonly IReadOnlyList<(ColumnGuess Column, ColumnKind Kind, string Property)> _columns;

    public ForecastCode(SeriesRun run)
    {
        _run = run;
        var taken = new HashSet<string>(StringComparer.Ordinal) { "SeriesRow", "Read", "Forecast", "Lower", "Upper" };
        _columns = [.. run.Table.Roles.ToRead().Select(read => (read.Column, read.Kind, Identifier(read.Column.Name, taken)))];
    }

    private SeriesRoles Roles => _run.Table.Roles;

    /// <summary>The program: reads, tests, trains, saves, forecasts.</summary>
    public string Program()
    {
        string? categories = Roles.Categories.Any()
            ? $"ml.Transforms.Conversion.MapValueToKey([{string.Join(", ", Roles.Categories.Select(column => $"new InputOutputColumnPair({Literal(column.Name)})"))}])"
            : null;
        return $$"""
            using System.Globalization;
            using Microsoft.ML;
            using Microsoft.ML.Lstm;

            string path = args.Length > 0 ? args[0] : {{Literal(System.IO.Path.GetFullPath(_run.Request.Path))}};
            var ml = new MLContext(seed: {{_run.Request.Seed.ToString(CultureInfo.InvariantCulture)}});
            SeriesRow[] rows = [.. SeriesRow.Read(path)];
            IDataView data = ml.Data.LoadFromEnumerable(rows);

            var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
            {
            {{Options()}}
            });

            // How good it would have been on the last rows, which it had not seen.
            Console.Error.WriteLine(ml.Forecasting.Backtest({{(categories is null ? "data" : $"{categories}.Fit(data).Transform(data)")}}, forecaster, numberOfOrigins: {{_run.Plan.Origins.ToString(CultureInfo.InvariantCulture)}}));

            ITransformer model = {{(categories is null ? "forecaster" : $"{categories}.Append(forecaster)")}}.Fit(data);
            ml.Model.SaveAtomically(model, data.Schema, "model.zip");

            // Every row has the forecast of the rows that follow it: the last known row of each series has the future.
            SeriesForecast[] forecasts = [.. ml.Data.CreateEnumerable<SeriesForecast>(model.Transform(data), reuseRowObject: false)];
            var ends = rows.Zip(forecasts){{GroupBy()}}.Where(series => series.Any(pair => {{Known()}})).Select(series => series.Last(pair => {{Known()}}));
            {{(HasStep ? $"TimeStep step = TimeStep.Parse({Literal(_run.Table.Step!.Value.Code)});\n" : "")}}Console.WriteLine({{Literal(ForecastCsv.Lines([], Roles).First())}});
            foreach ((SeriesRow row, SeriesForecast forecast) in ends)
                for (int i = 0; i < forecast.Forecast.Length; i++)
                    Console.WriteLine(string.Join(',', {{Fields()}}));

            static string Value(float[] values, int i) => i < values.Length && !float.IsNaN(values[i]) ? values[i].ToString("R", CultureInfo.InvariantCulture) : "";

            static string Quoted(string field) => field.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"")}\"" : field;
            """;
    }

    /// <summary>A row of the table, and how it is read; what is forecast from it.</summary>
    public string Row()
    {
        var properties = new StringBuilder();
        var reading = new StringBuilder();
        foreach ((ColumnGuess column, ColumnKind kind, string property) in _columns)
        {
            string type = kind switch { ColumnKind.Number => "float", ColumnKind.Time => "DateTime", _ => "string" };
            properties.Append(CultureInfo.InvariantCulture, $"    [ColumnName({Literal(column.Name)})]\n    public {type} {property} {{ get; set; }}{(kind == ColumnKind.Text ? " = \"\";" : "")}\n\n");
            string field = $"row[{column.Index}].Span.Trim()";
            reading.Append(CultureInfo.InvariantCulture, $"                {property} = {kind switch
            {
                ColumnKind.Number => $"Number({field})",
                ColumnKind.Time => $"DateTime.ParseExact({field}, {Literal(column.DateFormat!)}, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)",
                _ => $"{field}.ToString()",
            }},\n");
        }
        return $$"""
            using System.Globalization;
            using Microsoft.ML.Data;
            using nietras.SeparatedValues;

            /// <summary>A row of the CSV.</summary>
            public sealed class SeriesRow
            {
            {{properties.ToString().TrimEnd()}}

                /// <summary>Reads the rows of a file.</summary>
                public static IEnumerable<SeriesRow> Read(string path)
                {
                    using var text = new StreamReader(path);
                    using SepReader reader = Sep.New({{CharLiteral(_run.Dialect.Separator)}}).Reader(o => o with { HasHeader = {{(_run.Dialect.HasHeader ? "true" : "false")}}, Unescape = true, DisableColCountCheck = true }).From(text);
                    var rows = new List<SeriesRow>();
                    foreach (SepReader.Row row in reader)
                    {
                        if (row.ColCount <= {{_columns.Max(column => column.Column.Index)}} || row.Span.IsWhiteSpace())
                            continue;
                        rows.Add(new SeriesRow
                        {
            {{reading.ToString().TrimEnd()}}
                        });
                    }
                    return rows;
                }

                private static float Number(ReadOnlySpan<char> field) =>
                    float.TryParse(field.ToString(){{Replaced()}}, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : float.NaN;
            }

            /// <summary>What is forecast from a row.</summary>
            public sealed class SeriesForecast
            {
                public float[] Forecast { get; set; } = [];

                public float[] Lower { get; set; } = [];

                public float[] Upper { get; set; } = [];
            }
            """;
    }

    private string Options()
    {
        LstmForecaster.Options options = _run.Settings();
        var lines = new List<string>
        {
            $"OutputColumnName = {Literal(options.OutputColumnName)}",
            $"ConfidenceLowerBoundColumn = {Literal(options.ConfidenceLowerBoundColumn!)}",
            $"ConfidenceUpperBoundColumn = {Literal(options.ConfidenceUpperBoundColumn!)}",
            FormattableString.Invariant($"ConfidenceLevel = {options.ConfidenceLevel}f"),
            $"InputColumnNames = {List(options.InputColumnNames)}",
        };
        if (options.PastCovariateColumnNames.Count > 0)
            lines.Add($"PastCovariateColumnNames = {List(options.PastCovariateColumnNames)}");
        if (options.FutureCovariateColumnNames.Count > 0)
            lines.Add($"FutureCovariateColumnNames = {List(options.FutureCovariateColumnNames)}");
        if (options.StaticCovariateColumnNames.Count > 0)
            lines.Add($"StaticCovariateColumnNames = {List(options.StaticCovariateColumnNames)}");
        if (options.GroupColumnName is { } group)
            lines.Add($"GroupColumnName = {Literal(group)}");
        if (options.TimeColumnName is { } time)
            lines.Add($"TimeColumnName = {Literal(time)}");
        if (options.MissingValues != default)
            lines.Add($"MissingValues = MissingValues.{options.MissingValues}");
        lines.AddRange(
        [
            FormattableString.Invariant($"WindowSize = {options.WindowSize}"),
            .. SearchedOptions.Lines(options),
            FormattableString.Invariant($"Horizon = {options.Horizon}"),
            FormattableString.Invariant($"SeasonLength = {_run.Season}"),
            FormattableString.Invariant($"HiddenSizes = [{string.Join(", ", options.HiddenSizes)}]"),
            FormattableString.Invariant($"NumberOfEpochs = {options.NumberOfEpochs}"),
            FormattableString.Invariant($"NumberOfModels = {options.NumberOfModels}"),
            FormattableString.Invariant($"Seed = {options.Seed}"),
        ]);
        return string.Join("\n", lines.Select(line => $"    {line},"));
    }

    private string GroupBy() => Roles.Group is null ? ".GroupBy(_ => 0)" : $".GroupBy(pair => pair.First.{Property(Roles.Group)})";

    private string Known() => string.Join(" || ", Roles.Targets.Select(target => $"float.IsFinite(pair.First.{Property(target)})"));

    private bool HasStep => Roles.Time is not null && _run.Table.Step is not null;

    // As forecast.csv has them.
    private string Fields()
    {
        string ahead = FormattableString.Invariant($"(i % {_run.Plan.Horizon}) + 1");
        var fields = new List<string>();
        if (Roles.Group is { } group)
            fields.Add($"Quoted(row.{Property(group)})");
        fields.Add(HasStep
            ? $"Quoted(step.Add(row.{Property(Roles.Time!)}, {ahead}).ToString({Literal(DateFormats.ForWriting(Roles.Time!.DateFormat!, Roles.Time.Example))}, CultureInfo.InvariantCulture))"
            : $"({ahead}).ToString(CultureInfo.InvariantCulture)");
        if (Roles.Targets.Count > 1)
            fields.Add($"Quoted(new[] {{ {string.Join(", ", Roles.Targets.Select(target => Literal(target.Name)))} }}[i / {_run.Plan.Horizon.ToString(CultureInfo.InvariantCulture)}])");
        return string.Join(", ", [.. fields, "Value(forecast.Forecast, i)", "Value(forecast.Lower, i)", "Value(forecast.Upper, i)"]);
    }

    private string Property(ColumnGuess column) => _columns.First(read => read.Column == column).Property;

    private string Replaced()
    {
        NumberFormat numbers = _run.Dialect.Numbers;
        return (numbers.Group is { } group ? $".Replace({Literal(group.ToString())}, \"\")" : "") + (numbers.Decimal == ',' ? ".Replace(',', '.')" : "");
    }

    private static string Identifier(string name, HashSet<string> taken)
    {
        string plain = string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '_'));
        plain = plain.Length == 0 || char.IsDigit(plain[0]) ? $"_{plain}" : char.ToUpperInvariant(plain[0]) + plain[1..];
        string free = plain;
        for (int n = 2; !taken.Add(free); n++)
            free = $"{plain}{n}";
        return free;
    }

    private static string List(IReadOnlyList<string> names) => $"[{string.Join(", ", names.Select(Literal))}]";

    private static string CharLiteral(char c) => c == '\t' ? "'\\t'" : c == '\'' ? "'\\''" : $"'{c}'";

    /// <summary>A text as C# writes it, whatever is in it.</summary>
    internal static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
            literal.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\u0085' || char.IsSurrogate(c) => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        return literal.Append('"').ToString();
    }
}
