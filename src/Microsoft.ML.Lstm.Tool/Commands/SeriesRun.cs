using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Series;
using Microsoft.ML.Lstm.Tool.Tables;
using Spectre.Console;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>Reads series, says what was found out about them, trains and tests forecasters on them.</summary>
internal sealed partial class SeriesRun
{
    private readonly MLContext _ml;
    private readonly ToolConsole _console;
    private readonly CancellationToken _cancellation;
    private readonly Interruption _interruption;
    private int? _testEpochs;

    /// <summary>Reads and looks.</summary>
    public SeriesRun(ToolConsole console, SeriesRequest request, CancellationToken cancellation)
    {
        (_console, _cancellation, _interruption, Request) = (console, cancellation, new Interruption(console, cancellation), request);
        _ml = new MLContext(request.Seed);
        Dialect = CsvSniffer.Look(request.Path, request.Csv);
        SeriesRoles roles = SeriesRoles.Of(request, Dialect);
        Table = SeriesTable.Of(CsvTable.Read(request.Path, Dialect, roles.ToRead()), roles);
        Season = request.Season ?? FindSeason();
        Plan = SeriesPlan.Of(request, Table, Season);
        Describe();
    }

    public SeriesRequest Request { get; }

    public CsvDialect Dialect { get; }

    public SeriesTable Table { get; }

    public int Season { get; }

    public SeriesPlan Plan { get; private set; }

    /// <summary>Tests on the last rows of each series: trained on what comes before them.</summary>
    public BacktestResult Backtest(int? origins = null, int? stride = null, int? refitEvery = null, WorkShard? shard = null)
    {
        IDataView data = Categorised();
        BacktestResult result = TrainingLine.Run(_console.Progress, "Test", Plan.Epochs, epochDone => _ml.Forecasting.Backtest(data, Forecaster(Plan.Epochs, epoch =>
        {
            _testEpochs = Math.Max(_testEpochs ?? 0, epoch.Epoch + 1);
            epochDone(epoch);
        }, refitEvery is not null), new BacktestOptions { NumberOfOrigins = origins ?? Plan.Origins, Stride = stride,
            RefitEvery = refitEvery, SeasonLength = Season, Shard = shard ?? WorkShard.All }));
        if (!_interruption.IsTrainingEnded)
            _testEpochs = null;
        return result;
    }

    /// <summary>Trains on all rows; where the test was ended early, for as many epochs as it had.</summary>
    public ITransformer Fit()
    {
        int epochs = _testEpochs ?? Plan.Epochs;
        return TrainingLine.Run<ITransformer>(_console.Progress, "Training", epochs, epochDone =>
        {
            LstmForecaster forecaster = Forecaster(epochs, epochDone);
            return SeriesPlan.Categories(_ml, Table.Roles) is { } categories ? categories.Append(forecaster).Fit(Table.View) : forecaster.Fit(Table.View);
        });
    }

    /// <summary>Trains a detector of rows that are unlikely after those before them.</summary>
    public ITransformer FitDetector(double confidence) => TrainingLine.Run<ITransformer>(_console.Progress, "Training", Plan.Epochs, epochDone =>
    {
        LstmForecaster.Options options = Options(Plan.Epochs, epochDone);
        (options.Loss, options.ValidationFraction) = (new LossSpec { Kind = LossKind.MeanAbsoluteError }, 0.2);
        LstmAnomalyDetector detector = _ml.Transforms.DetectAnomalyByLstm(new LstmAnomalyDetector.Options { OutputColumnName = Anomaly.Column, ConfidenceLevel = confidence, Forecaster = options });
        return SeriesPlan.Categories(_ml, Table.Roles) is { } categories ? categories.Append(detector).Fit(Table.View) : detector.Fit(Table.View);
    });

    /// <summary>Saves a model of <see cref="Fit"/>.</summary>
    public void Save(ITransformer model, Stream stream) => _ml.Model.Save(model, Table.View.Schema, stream);

    // With keys for texts.
    private IDataView Categorised() => SeriesPlan.Categories(_ml, Table.Roles) is { } categories ? categories.Fit(Table.View).Transform(Table.View) : Table.View;

    private LstmForecaster Forecaster(int epochs, Action<EpochReport> epochDone, bool refits = false) => _ml.Forecasting.ForecastByLstm(Options(epochs, epochDone, refits));

    private LstmForecaster.Options Options(int epochs, Action<EpochReport> epochDone, bool refits = false)
    {
        LstmForecaster.Options options = Settings();
        (options.SeasonLength, options.EpochDone, options.NumberOfEpochs) = (Season, epochDone, epochs);
        // Of several networks, and of those trained anew at each origin, some would not have begun: there is nothing whole to keep.
        (options.CancellationToken, options.KeepWeightsOnCancellation) = Request.Models == 1 && !refits ? (_interruption.NextTraining(), true) : (_cancellation, false);
        return options;
    }

    private int FindSeason()
    {
        int[] seasons = [.. Table.Series.OrderByDescending(series => series.Rows.Length).Take(20).SelectMany(series => Table.Roles.Targets.Select(target =>
        {
            IReadOnlyList<float> values = ((ColumnData<float>)Table.View[target.Name]).Values;
            float[] known = [.. series.Rows.Where(Table.IsKnown).Select(row => values[row])];
            return Baselines.Season.Find(known, Baselines.Season.Longest, Table.Step?.Cycles()) is > 1 and var season ? season
                : Baselines.Season.FindInNoise(known, Baselines.Season.Longest, Table.Step?.Cycles());
        }))];
        return seasons.GroupBy(season => season).MaxBy(same => same.Count())!.Key;
    }

    private void Describe()
    {
        var columns = new Table { Border = TableBorder.Simple };
        columns.AddColumns("column", "holds", "first value", "taken as");
        foreach (ColumnGuess column in Dialect.Columns)
            columns.AddRow([.. new[] { column.Name, column.Holds, column.Example, Table.Roles.NameOf(column) }.Select(Markup.Escape)]);
        _console.Results.Write(columns);
        string series = Table.Series.Count == 1 ? "1 series" : FormattableString.Invariant($"{Table.Series.Count} series");
        _console.Say(FormattableString.Invariant($"Read with {CsvTable.Name(Dialect.Separator)} between fields, {(Dialect.HasHeader ? "a header" : "no header")}, {Dialect.Numbers}: {series}, the longest of {Table.LongestLength} rows{(Table.Step is { } step ? $", {step} from one to the next" : "")}."));
        _console.Say(Season > 1 ? FormattableString.Invariant($"A season of {Season} rows.") : "No season.");
        _console.Say(FormattableString.Invariant($"To forecast: the next {(Plan.Horizon == 1 ? "row" : $"{Plan.Horizon} rows")}, from the last {Plan.Window}. Wrong? --separator --header --decimal --date-format --time --target --group --season --horizon --window."));
        foreach (ColumnGuess column in Dialect.Columns.Where(column => column.IsAmbiguous))
            _console.Say($"'{column.Name}' can be read in two ways; \"{column.Example}\" was taken as {(column.DateFormat is { } format ? $"{format}. --date-format says otherwise." : $"one with {Dialect.Numbers}. --decimal says otherwise.")}");
    }
}
