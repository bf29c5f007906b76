using Microsoft.ML;
using Microsoft.ML.Lstm;
using Samples.Shared;
using static System.FormattableString;

namespace Samples;

/// <summary>
/// Airline passengers, 1949 to 1960: six months ahead from every month of the last three years, each time trained on the months before it alone. The season grows with the level, so
/// the forecaster learns logarithms by itself. Settings were chosen on the three years before those (docs/recipes.md).
/// </summary>
internal sealed class AirPassengers : ISample
{
    private const int Horizon = 6, TestMonths = 36;

    public string Name => "air-passengers";

    public string Description => "Backtest monthly airline passengers 6 months ahead, trained again each month, beside forecasts that need no learning.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView file = ml.Data.LoadFromTextFile<Month>(context.DataFile("air-passengers-monthly.csv"), separatorChar: ',', hasHeader: true);
        Month[] months = [.. ml.Data.CreateEnumerable<Month>(file, reuseRowObject: false)];
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            TimeColumnName = "Date",
            // The shortest in which a season and its level can be told apart.
            WindowSize = 14,
            Horizon = Horizon,
            SeasonLength = 12,
            HiddenSizes = [32],
            NumberOfEpochs = context.Quick ? 1 : 40,
            Patience = null,

            // Two or three batches an epoch: at a rate that comes down with the noise of nine held-out windows little would be learned.
            Schedule = LearningRateSchedule.Constant(0.002f),
            NumberOfModels = context.Quick ? 1 : 5,

            // On the three years before: 2.19 %, and 2.15 with the networks trained again on all rows: no difference, in half of the time.
            RefitOnAllRows = false,
            Seed = 1,
            ConfidenceLowerBoundColumn = context.Variant == "intervals" ? "Lower" : null,
            ConfidenceUpperBoundColumn = context.Variant == "intervals" ? "Upper" : null,
            ConfidenceLevel = 0.9f,
        });
        int origins = context.Quick ? 3 : TestMonths - Horizon + 1;
        BacktestResult backtest = ml.Forecasting.Backtest(ml.Data.LoadFromEnumerable(months), forecaster, new BacktestOptions
        {
            NumberOfOrigins = origins,
            Stride = 1,
            RefitEvery = context.Quick ? 3 : 1,
            OriginDone = progress => Console.Write(Invariant($"\r{progress.OriginsDone} of {progress.OriginCount} months")),
            CancellationToken = context.Cancellation,
        });
        Console.WriteLine();
        Print("forecast", row => row.Forecast);
        Print("ridge", row => row.Ridge);
        Print("season before", row => row.SeasonalNaive);
        Print("last month", row => row.Persistence);
        if (!double.IsNaN(backtest.Metrics.Coverage))
            Console.WriteLine(Invariant($"the 90 % interval covers {100 * backtest.Metrics.Coverage:F0} %"));
        var last = (LstmForecastingTransformer)backtest.Models[^1];
        ForecastResult next = last.Model.Forecast([.. months.Select(month => month.Value)], lastTime: months[^1].Date);
        Console.WriteLine("The next six months: " + string.Join(" ", next.Values.Select(value => Invariant($"{value:F0}"))));
        return backtest.Metrics.ForecastCount == origins;

        void Print(string name, Func<BacktestForecast, float> forecast) => Console.WriteLine(Invariant(
            $"{name,-14} MAPE {backtest.Rows.Average(row => 100 * Math.Abs((forecast(row) / row.Actual) - 1)):F2} %"));
    }

    public IEnumerable<string> Variants => ["intervals"];
}
