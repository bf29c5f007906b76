using Microsoft.ML;
using Microsoft.ML.Lstm;
using Samples.Shared;

namespace Samples;

/// <summary>Airline passengers, 1949 to 1960: six months ahead from every month of the last three years, learned from what was known a horizon before them.</summary>
internal sealed class AirPassengers : ISample
{
    private const int Horizon = 6, TestMonths = 36;

    public string Name => "air-passengers";

    public string Description => "Forecast monthly airline passengers 6 months ahead with an interval, and compare with forecasts that need no learning.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView months = ml.Data.LoadFromTextFile<Month>(context.DataFile("air-passengers-monthly.csv"), separatorChar: ',', hasHeader: true);
        Month[] all = [.. ml.Data.CreateEnumerable<Month>(months, reuseRowObject: false)];
        Month[] known = all[..^TestMonths];
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            TimeColumnName = "Date",
            WindowSize = 24,
            Horizon = Horizon,
            ScaleByWindow = true,
            NumberOfEpochs = context.Quick ? 1 : 60,
            NumberOfModels = context.Quick ? 1 : 5,
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
            ConfidenceLevel = 0.9f,
            CancellationToken = context.Cancellation,
        });
        var model = forecaster.Fit(ml.Data.LoadFromEnumerable(known));
        Console.WriteLine(model.Diagnosis);

        // Forecasts from the last known month on; those before it are not counted.
        IDataView scored = model.Transform(months);
        IDataView tested = ml.Data.SkipRows(scored, all.Length - TestMonths - 1);
        ForecastMetrics metrics = ml.Forecasting.EvaluateForecast(tested, "Value", "Forecast", null, "Lower", "Upper", 0.9, seasonLength: 12, trainData: ml.Data.LoadFromEnumerable(known));
        Console.WriteLine(metrics);
        ForecastResult next = model.Model.Forecast([.. all.Select(month => month.Value)], lastTime: all[^1].Date);
        Console.WriteLine("The next six months: " + string.Join(" ", next.Values.Select(value => FormattableString.Invariant($"{value:F0}"))));
        return metrics.ForecastCount == TestMonths - Horizon + 1;
    }
}
