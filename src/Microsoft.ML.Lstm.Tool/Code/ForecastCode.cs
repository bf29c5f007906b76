using System.Globalization;
using System.Text;
using Microsoft.ML.Lstm.Tool.Commands;
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
        string pipeline = Roles.Categories.Any()
            ? $"ml.Transforms.Conversion.MapValueToKey([{string.Join(", ", Roles.Categories.Select(column => $"new InputOutputColumnPair({Literal(column.Name)})"))}])\n    .Append(forecaster)"
            : "forecaster";
        string prepared = Roles.Categories.Any()
            ? $"ml.Transforms.Conversion.MapValueToKey([{string.Join(", ", Roles.Categories.Select(column => $"new InputOutputColumnPair({Literal(column.Name)})"))}]).Fit(data).Transform(data)"
            : "data";
        return $$"""
            using System.Globalization;
            using Microsoft.ML;
            using Microsoft.ML.Lstm;

            string path = args.Length > 0 ? args[0] : {{Literal(System.IO.Path.GetFullPath(_run.Request.Path))}};
            var ml = new MLContext(seed: {{_run.Request.Seed}});
            SeriesRow[] rows = [.. SeriesRow.Read(path)];
            IDataView data = ml.Data.LoadFromEnumerable(rows);

            var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
            {
            {{Options()}}
            });

            // How good it would have been on the last rows, which it had not seen.
            Console.Error.WriteLine(ml.Forecasting.Backtest({{prepared}}, forecaster, numberOfOrigins: {{_run.Plan.Origins}}));

            ITransformer model = {{pipeline}}.Fit(data);
            ml.Model.SaveAtomically(model, data.Schema, "model.zip");

            // Every row has the forecast of the rows that follow it: the last known row of each series has the future.
            SeriesForecast[] forecasts = [.. ml.Data.CreateEnumerable<SeriesForecast>(model.Transform(data), reuseRowObject: false)];
            var ends = rows.Zip(forecasts){{GroupBy()}}.Select(series => series.Last(pair => {{Known()}}));
            foreach ((SeriesRow row, SeriesForecast forecast) in ends)
                for (int i = 0; i < forecast.Forecast.Length; i++)
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{Shown()}}{(i % {{_run.Plan.Horizon}}) + 1},{forecast.Forecast[i]},{At("Lower")},{At("Upper")}"));
            """.Replace("{At(\"Lower\")}", "{(forecast.Lower.Length > 0 ? forecast.Lower[i] : float.NaN)}", StringComparison.Ordinal)
               .Replace("{At(\"Upper\")}", "{(forecast.Upper.Length > 0 ? forecast.Upper[i] : float.NaN)}", StringComparison.Ordinal);
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
                    using SepReader reader = Sep.New({{CharLiteral(_run.Dialect.Separator)}}).Reader(o => o with { HasHeader = {{(_run.Dialect.HasHeader ? "true" : "false")}}, Unescape = true, DisableColCountCheck = true }).FromFile(path);
                    var rows = new List<SeriesRow>();
                    foreach (SepReader.Row row in reader)
                    {
                        if (row.ColCount <= {{_columns.Max(column => column.Column.Index)}})
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
        LstmForecaster.Options options = _run.Plan.Options(_run.Request, Roles);
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

    private string Shown() => Roles.Group is null ? "" : $"{{row.{Property(Roles.Group)}}},";

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
