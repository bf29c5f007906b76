using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Samples.Shared;

namespace Samples;

/// <summary>A month at a time: an engine that forecasts after each, stops, is saved, and resumes as if it had not stopped; then the forecaster learns from the months that came.</summary>
internal sealed class StreamingTemperature : ISample
{
    private const int Horizon = 6;

    public string Name => "streaming";

    public string Description => "Feed monthly temperatures one by one to a forecaster; checkpoint it, resume, and continue its training.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView months = ml.Data.LoadFromTextFile<Month>(context.DataFile("nottingham-temperature-monthly.csv"), separatorChar: ',', hasHeader: true);
        Month[] all = [.. ml.Data.CreateEnumerable<Month>(months, reuseRowObject: false)];
        int known = all.Length * 3 / 4;
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            TimeColumnName = "Date",
            WindowSize = 36,
            Horizon = Horizon,
            NumberOfEpochs = context.Quick ? 2 : 40,
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
            ConfidenceLevel = 0.8f,
            Seed = 1,
            CancellationToken = context.Cancellation,
        });
        var model = forecaster.Fit(ml.Data.LoadFromEnumerable(all[..known]));
        string checkpoint = context.OutputFile("streaming.zip");
        SequenceEngine<Month, Forecast> engine = model.CreateSequenceEngine<Month, Forecast>(ml);
        var forecasts = new List<Forecast>();
        for (int i = 0; i < all.Length; i++)
        {
            forecasts.Add(engine.Predict(all[i])!);
            if (i != known)
                continue;
            // As after a restart: nothing is left of the engine but its file.
            engine.CheckPoint(checkpoint);
            engine.Dispose();
            engine = new MLContext().Model.Load(checkpoint, out _).CreateSequenceEngine<Month, Forecast>(ml);
        }
        Forecast next = engine.Fork().Predict(new Month { Date = all[^1].Date.AddMonths(1), Value = 20 }, horizon: 2, confidenceLevel: 0.95)!;
        Console.WriteLine(FormattableString.Invariant($"If next month were 20 °F, the two after it would be {next.Values[0]:F1} and {next.Values[1]:F1} °F."));
        engine.Dispose();

        for (int i = all.Length - 7; i < all.Length - 1; i++)
            Console.WriteLine(FormattableString.Invariant($"{all[i + 1].Date:yyyy-MM}  forecast {forecasts[i].Values[0],5:F1} ({forecasts[i].Lower[0]:F1} to {forecasts[i].Upper[0]:F1})  came true {all[i + 1].Value,5:F1}"));
        bool same = model.Transform(months).GetColumn<float[]>("Forecast").Zip(forecasts).All(pair => pair.First.SequenceEqual(pair.Second.Values));
        Console.WriteLine($"The same bits as forecasting from all rows at once, over a restart from {checkpoint}: {(same ? "yes" : "NO")}.");

        var continued = forecaster.Fit(ml.Data.LoadFromEnumerable(all), model);
        Console.WriteLine($"Trained on with the months that came: {continued.Model.History.Epochs.Count} epochs more.");
        return same;
    }

    private sealed class Forecast
    {
        [ColumnName("Forecast")]
        public float[] Values { get; set; } = [];

        public float[] Lower { get; set; } = [];

        public float[] Upper { get; set; } = [];
    }
}
