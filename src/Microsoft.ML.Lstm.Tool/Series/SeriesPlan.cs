using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Series;

/// <summary>How series are to be forecast: what the person said, and what follows from the data where nothing was said.</summary>
/// <param name="Window">Rows of the past that a forecast reads.</param>
/// <param name="Horizon">Rows to forecast.</param>
/// <param name="Epochs">Passes over the data.</param>
/// <param name="Origins">Origins that the backtest forecasts from.</param>
internal sealed record SeriesPlan(int Window, int Horizon, int Epochs, int Origins)
{
    /// <summary>Column of forecasts, and of their bounds.</summary>
    public const string Forecast = "Forecast", Lower = "Lower", Upper = "Upper";

    private const int UsualEpochs = 20, LongestWindow = 720, MostOrigins = 10, MostHorizon = 48;

    /// <summary>The plan for a table.</summary>
    /// <param name="request">What the person said.</param>
    /// <param name="table">The series.</param>
    /// <param name="season">The season's length in rows; 1 if there is none.</param>
    /// <exception cref="ToolException">No series is long enough.</exception>
    public static SeriesPlan Of(SeriesRequest request, SeriesTable table, int season)
    {
        int rows = table.LongestLength;
        int horizon = request.Horizon ?? Math.Clamp(season > 1 ? season : 12, 1, Math.Min(MostHorizon, Math.Max(1, rows / 10)));
        if (rows < (2 * horizon) + 2)
            throw new ToolException($"The longest series has {rows} rows with a value; expected at least {(2 * horizon) + 2} to forecast {horizon} ahead and to see how well. --horizon says how many.");
        // Two seasons tell one from chance, also where noise hides what the calendar suggests; a horizon's past is about what its future
        // can be told from.
        int cycle = season > 1 ? season : table.Step?.Cycles().FirstOrDefault(1) ?? 1;
        int window = request.Window ?? Math.Clamp(Math.Max(2 * horizon, 3 * cycle), 1, Math.Min(LongestWindow, Math.Max(1, rows / 3)));
        return new SeriesPlan(window, horizon, request.Epochs ?? UsualEpochs, Math.Clamp(rows / 5 / horizon, 1, MostOrigins));
    }

    /// <summary>The forecaster's options.</summary>
    public LstmForecaster.Options Options(SeriesRequest request, SeriesRoles roles) => new()
    {
        OutputColumnName = Forecast,
        ConfidenceLowerBoundColumn = Lower,
        ConfidenceUpperBoundColumn = Upper,
        ConfidenceLevel = request.Level,
        InputColumnNames = [.. roles.Targets.Select(column => column.Name)],
        PastCovariateColumnNames = [.. roles.Past.Select(column => column.Name)],
        FutureCovariateColumnNames = [.. roles.Future.Select(column => column.Name)],
        StaticCovariateColumnNames = [.. roles.Static.Select(column => column.Name)],
        GroupColumnName = roles.Group?.Name,
        TimeColumnName = roles.Time?.Name,
        MissingValues = request.Missing,
        WindowSize = Window,
        Horizon = Horizon,
        SeasonLength = request.Season,
        HiddenSizes = [request.HiddenSize],
        NumberOfEpochs = Epochs,
        NumberOfModels = request.Models,
        Seed = request.Seed,
    };

    /// <summary>What makes keys of the texts among the covariates; null if there are none.</summary>
    public static IEstimator<ITransformer>? Categories(MLContext ml, SeriesRoles roles) => roles.Categories.Any()
        ? ml.Transforms.Conversion.MapValueToKey([.. roles.Categories.Select(column => new InputOutputColumnPair(column.Name))])
        : null;
}
