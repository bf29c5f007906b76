using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML;

/// <summary>What forecasts rest on, in <c>mlContext.Forecasting</c>.</summary>
public static class ForecastImportanceCatalog
{
    /// <summary>
    /// Measures, over the windows of a view, how much worse a forecaster's forecasts become when one input in one block of rows is exchanged among windows at random. The counterpart of ML.NET's
    /// <c>PermutationFeatureImportance</c>, which permutes the slots of one feature vector and so knows neither windows nor horizons. For one forecast there is <see cref="ForecastModel.Explain"/>.
    /// </summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="model">The forecaster.</param>
    /// <param name="data">Rows that it was not trained on, in the order of time, with whole windows and what came after them.</param>
    /// <param name="permutationCount">How often values are exchanged. Range: 1 or more. Default: 5.</param>
    /// <param name="numberOfBlocks">Blocks of rows that the window is cut into, so that the importance of near and far rows shows. Range: 1 or more. Default: 6.</param>
    /// <param name="numberOfWindows">Windows at most; of more, evenly spread ones are taken. Range: 2 or more. Default: 256.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The inputs, most important first; <see cref="ToDataView"/> makes a data view of them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or an argument is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There are fewer than two whole windows with a horizon after them.</exception>
    /// <example>
    /// <code>
    /// var forecasts = ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 24, horizon: 6).Fit(trainData);
    /// foreach (ForecastImportance one in ml.Forecasting.PermutationFeatureImportance(forecasts, testData))
    ///     Console.WriteLine($"{one.Input}, rows {one.FirstRow} to {one.LastRow}: error {one.ErrorIncrease:+0 %}");
    /// </code>
    /// </example>
    public static IReadOnlyList<ForecastImportance> PermutationFeatureImportance(
        this ForecastingCatalog catalog, LstmForecastingTransformer model, IDataView data, int permutationCount = 5, int numberOfBlocks = 6, int numberOfWindows = 256,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        RequireArgument(permutationCount > 0, nameof(permutationCount), permutationCount, "1 or more");
        RequireArgument(numberOfBlocks > 0, nameof(numberOfBlocks), numberOfBlocks, "1 or more");
        RequireArgument(numberOfWindows > 1, nameof(numberOfWindows), numberOfWindows, "2 or more");
        IHost host = catalog.GetEnvironment().Register(nameof(PermutationFeatureImportance));
        ForecastModel forecaster = model.Model;
        SeriesTable table = new SeriesReader(host, forecaster.Input, data.Schema, forecaster.Settings.Step).Read(data, cancellationToken);
        return new PermutationImportance(forecaster, table.Series, numberOfWindows).Run(numberOfBlocks, permutationCount, seed: 1, cancellationToken);
    }

    /// <summary>Importance as data: the columns <c>Input</c>, <c>Kind</c>, <c>FirstRow</c>, <c>LastRow</c>, <c>ErrorIncrease</c> and <c>StandardDeviation</c>.</summary>
    /// <param name="importance">What <see cref="PermutationFeatureImportance"/> gave.</param>
    /// <param name="mlContext">The context.</param>
    /// <example>
    /// <code>
    /// var forecasts = ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 24, horizon: 6).Fit(trainData);
    /// IDataView rows = ml.Forecasting.PermutationFeatureImportance(forecasts, testData).ToDataView(ml);
    /// </code>
    /// </example>
    public static IDataView ToDataView(this IEnumerable<ForecastImportance> importance, MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(importance);
        ArgumentNullException.ThrowIfNull(mlContext);
        return mlContext.Data.LoadFromEnumerable(importance.Select(one => new
        {
            one.Input,
            Kind = one.Kind.ToString(),
            one.FirstRow,
            one.LastRow,
            one.ErrorIncrease,
            one.StandardDeviation,
        }).ToArray());
    }
}
