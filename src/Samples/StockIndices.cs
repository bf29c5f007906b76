using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;

namespace Samples;

/// <summary>
/// Four European stock indices, 1991 to 1998, a week of trading days ahead. Of such prices the last is about the best forecast there is; a method that seems to do much better has mostly seen the
/// future. What a forecaster can honestly add is an interval, so that is what this looks at.
/// </summary>
internal sealed class StockIndices : ISample
{
    private const int Horizon = 5;
    private static readonly string[] s_indices = ["DAX", "SMI", "CAC", "FTSE"];

    public string Name => "stock-indices";

    public string Description => "Backtest one forecaster of four stock indices: persistence is hard to beat, and it says so; the intervals are what is gained.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView days = ml.Data.LoadFromTextFile<TradingDay>(context.DataFile("eu-stock-markets-daily.csv"), separatorChar: ',', hasHeader: true);
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = s_indices,
            WindowSize = 20,
            Horizon = Horizon,
            SegmentLength = 1,
            SeasonLength = 1,
            HiddenSizes = [32],
            ValidationFraction = 0.2,
            NumberOfEpochs = context.Quick ? 1 : 10,
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
            ConfidenceLevel = 0.9f,
        });
        // The last 60 weeks, each forecast by what was trained on days before it; trained again every 12 weeks.
        BacktestResult backtest = ml.Forecasting.Backtest(days, forecaster, new BacktestOptions
        {
            NumberOfOrigins = context.Quick ? 4 : 60,
            RefitEvery = context.Quick ? 4 : 12,
            OriginDone = progress => Console.Write(FormattableString.Invariant($"\r{progress.OriginsDone} of {progress.OriginCount} weeks")),
            CancellationToken = context.Cancellation,
        });
        Console.WriteLine();
        Console.WriteLine(backtest.Metrics);
        foreach (string index in s_indices)
        {
            BacktestForecast[] rows = [.. backtest.Rows.Where(row => row.Target == index)];
            double own = rows.Average(row => Math.Abs((double)row.Forecast - row.Actual)), persistence = rows.Average(row => Math.Abs((double)row.Persistence - row.Actual));
            double covered = rows.Average(row => row.LowerBound <= row.Actual && row.Actual <= row.UpperBound ? 1.0 : 0);
            Console.WriteLine(FormattableString.Invariant($"{index,-5} error {own / persistence:F3} of that of persistence, the 90 % interval covers {100 * covered:F0} %"));
        }
        return backtest.Metrics.ForecastCount == s_indices.Length * (context.Quick ? 4 : 60);
    }

    private sealed class TradingDay
    {
        [LoadColumn(1)]
        public float DAX { get; set; }

        [LoadColumn(2)]
        public float SMI { get; set; }

        [LoadColumn(3)]
        public float CAC { get; set; }

        [LoadColumn(4)]
        public float FTSE { get; set; }
    }
}
