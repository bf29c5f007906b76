using System.Globalization;
using Microsoft.ML.Lstm.Tool.Commands;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Series;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>The C# of a forecast.</summary>
internal sealed class ForecastCode
{
    /// <summary>What the project is called.</summary>
    public const string Name = "Forecast";

    private readonly SeriesRun _run;
    private readonly RowsCode _rows;

    public ForecastCode(SeriesRun run) => (_run, _rows) = (run, new RowsCode(run.Dialect, run.Table.Roles.ToRead(), "SeriesRow"));

    private SeriesRoles Roles => _run.Table.Roles;

    private bool HasStep => Roles.Time is not null && _run.Table.Step is not null;

    /// <summary>The project.</summary>
    public GeneratedProject Project() => new(Name, Program(), Rows(), Model(), _run.Request.Path, "prints what comes next");

    private string Program()
    {
        string? categories = Roles.Categories.Any()
            ? $"ml.Transforms.Conversion.MapValueToKey([{string.Join(", ", Roles.Categories.Select(column => $"new InputOutputColumnPair({CSharpText.Literal(column.Name)})"))}])"
            : null;
        return $$"""
            using System.Globalization;
            using Microsoft.ML;
            using Microsoft.ML.Lstm;

            string path = args.Length > 0 ? args[0] : {{CSharpText.Literal(System.IO.Path.GetFullPath(_run.Request.Path))}};
            var ml = new MLContext(seed: {{_run.Request.Seed.ToString(CultureInfo.InvariantCulture)}});
            List<SeriesRow> rows = SeriesRow.Read(path);
            IDataView data = ml.Data.LoadFromEnumerable(rows);

            var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
            {
            {{Options()}}
            });

            // How good it would have been on the last rows, which it had not seen.
            Console.Error.WriteLine(ml.Forecasting.Backtest({{(categories is null ? "data" : $"{categories}.Fit(data).Transform(data)")}}, forecaster, numberOfOrigins: {{_run.Plan.Origins.ToString(CultureInfo.InvariantCulture)}}));

            ITransformer model = {{(categories is null ? "forecaster" : $"{categories}.Append(forecaster)")}}.Fit(data);
            ml.Model.SaveAtomically(model, data.Schema, "model.zip");

            Console.WriteLine({{CSharpText.Literal(ForecastCsv.Lines([], Roles).First())}});
            foreach (FutureRow future in new Forecaster("model.zip").Forecast(rows))
                Console.WriteLine(string.Join(',', {{Fields()}}));

            static string Value(float value) => float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
            {{(Fields().Contains("Quoted", StringComparison.Ordinal) ? CSharpText.Quoted : "")}}
            """.TrimEnd();
    }

    private string Rows() => $$"""
        {{RowsCode.Usings}}

        /// <summary>A row of the CSV.</summary>
        public sealed class SeriesRow
        {
        {{_rows.Properties()}}

        {{_rows.Reading("SeriesRow")}}
        }
        """;

    private string Model()
    {
        string known = string.Join(" || ", Roles.Targets.Select(target => $"float.IsFinite(row.{_rows.Property(target)})"));
        string group = Roles.Group is { } column ? $"row.{_rows.Property(column)}" : "\"\"";
        string time = HasStep ? $"s_step.Add(row.{_rows.Property(Roles.Time!)}, step + 1)" : "null";
        string horizon = _run.Plan.Horizon.ToString(CultureInfo.InvariantCulture);
        return $$"""
            using Microsoft.ML;
            {{(HasStep ? "using Microsoft.ML.Lstm;\n" : "")}}
            /// <summary>The saved model: forecasts the rows that follow the last known row of each series.</summary>
            public sealed class Forecaster
            {
                private const int Horizon = {{horizon}};
                private static readonly string[] s_targets = {{CSharpText.List(Roles.Targets.Select(target => target.Name))}};
            {{(HasStep ? $"    private static readonly TimeStep s_step = TimeStep.Parse({CSharpText.Literal(_run.Table.Step!.Value.Code)});\n" : "")}}    private readonly MLContext _ml = new();
                private readonly ITransformer _model;

                /// <summary>Opens a model.</summary>
                public Forecaster(string path) => _model = _ml.Model.Load(path, out _);

                /// <summary>Forecasts from the rows of the past{{(Roles.Future.Count > 0 ? ", and rows after them whose targets are missing, with what is known of the future" : "")}}.</summary>
                public IEnumerable<FutureRow> Forecast(IReadOnlyList<SeriesRow> rows)
                {
                    // Every row has the forecast of the rows that follow it: the last known row of each series has the future.
                    IDataView scored = _model.Transform(_ml.Data.LoadFromEnumerable(rows));
                    var pairs = rows.Zip(_ml.Data.CreateEnumerable<Scored>(scored, reuseRowObject: false));
                    var ends = pairs.GroupBy(pair => SeriesOf(pair.First)).Select(series => series.LastOrDefault(pair => IsKnown(pair.First)));
                    return ends.Where(end => end.First is not null).SelectMany(end => Future(end.First, end.Second));
                }

                private static string SeriesOf(SeriesRow row) => {{group}};

                private static bool IsKnown(SeriesRow row) => {{known}};

                private static IEnumerable<FutureRow> Future(SeriesRow row, Scored scored) => scored.Forecast.Select((value, i) =>
                {
                    int step = i % Horizon;
                    DateTime? time = {{time}};
                    return new FutureRow(SeriesOf(row), s_targets[i / Horizon], step + 1, time, value, Bound(scored.Lower, i), Bound(scored.Upper, i));
                });

                private static float Bound(float[] bounds, int i) => i < bounds.Length ? bounds[i] : float.NaN;

                private sealed class Scored
                {
                    public float[] Forecast { get; set; } = [];

                    public float[] Lower { get; set; } = [];

                    public float[] Upper { get; set; } = [];
                }
            }

            /// <summary>A row of a forecast: of which series and target, how many rows ahead, when, and the interval.</summary>
            public sealed record FutureRow(string Series, string Target, int Step, DateTime? Time, float Forecast, float Lower, float Upper);
            """;
    }

    private string Options()
    {
        LstmForecaster.Options options = _run.Settings();
        var lines = new List<string>
        {
            $"OutputColumnName = {CSharpText.Literal(options.OutputColumnName)}",
            $"ConfidenceLowerBoundColumn = {CSharpText.Literal(options.ConfidenceLowerBoundColumn!)}",
            $"ConfidenceUpperBoundColumn = {CSharpText.Literal(options.ConfidenceUpperBoundColumn!)}",
            FormattableString.Invariant($"ConfidenceLevel = {options.ConfidenceLevel}f"),
            $"InputColumnNames = {CSharpText.List(options.InputColumnNames)}",
        };
        foreach ((string name, IReadOnlyList<string> columns) in (ReadOnlySpan<(string, IReadOnlyList<string>)>)[
            (nameof(options.PastCovariateColumnNames), options.PastCovariateColumnNames),
                (nameof(options.FutureCovariateColumnNames), options.FutureCovariateColumnNames),
            (nameof(options.StaticCovariateColumnNames), options.StaticCovariateColumnNames)])
            if (columns.Count > 0)
                lines.Add($"{name} = {CSharpText.List(columns)}");
        if (options.GroupColumnName is { } group)
            lines.Add($"GroupColumnName = {CSharpText.Literal(group)}");
        if (options.TimeColumnName is { } time)
            lines.Add($"TimeColumnName = {CSharpText.Literal(time)}");
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
        return CSharpText.Initialisers(lines);
    }

    // As forecast.csv has them.
    private string Fields()
    {
        string time = Roles.Time is { } column && HasStep
            ? $"Quoted(future.Time!.Value.ToString({CSharpText.Literal(DateFormats.ForWriting(column.DateFormat!, column.Example))}, CultureInfo.InvariantCulture))"
            : "future.Step.ToString(CultureInfo.InvariantCulture)";
        return string.Join(", ", (string[])[.. Roles.Group is null ? Array.Empty<string>()
            : ["Quoted(future.Series)"], time, .. Roles.Targets.Count > 1 ? (string[])["Quoted(future.Target)"] : [],
            "Value(future.Forecast)", "Value(future.Lower)", "Value(future.Upper)"]);
    }
}
