using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Samples.Shared;
using ForecastErrors = Samples.Shared.ForecastErrors;

namespace Samples;

/// <summary>A month at a time: an engine that keeps the last two years, stops, is saved, and goes on as if it had not stopped.</summary>
internal sealed class StreamingTemperature : ISample
{
    public string Name => "streaming";

    public string Description => "Feed monthly temperatures one by one to a stateful engine; checkpoint it and go on.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView months = ml.Data.LoadFromTextFile<Month>(context.DataFile("nottingham-temperature-monthly.csv"), separatorChar: ',', hasHeader: true);
        var split = ml.Data.ChronologicalSplit(months, testFraction: 0.25, timeColumnName: "Date");
        int epochs = context.Quick ? 2 : 200;
        var model = TrainingBar.Run(epochs, report => ml.Transforms.WindowSequence("Window", ["Value"], windowLength: 24, horizon: 1, labelColumnName: "Next")
            .Append(ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
            {
                LabelColumnName = "Next",
                FeatureColumnName = "Window",
                NumberOfEpochs = epochs,
                LearningRate = 0.005f,
                Patience = 40,
                EpochDone = report,
                CancellationToken = context.Cancellation,
            })).Fit(split.TrainSet));

        Month[] live = [.. ml.Data.CreateEnumerable<Month>(split.TestSet, reuseRowObject: false)];
        var forecasts = new List<(Month Now, float Next)>();
        string checkpoint = context.OutputFile("streaming.zip");
        SequenceEngine<Month, Forecast> engine = model.CreateSequenceEngine<Month, Forecast>(ml);
        for (int i = 0; i < live.Length - 1; i++)
        {
            if (engine.Predict(live[i]) is { } forecast)
                forecasts.Add((live[i + 1], forecast.Score));
            if (i != live.Length / 2)
                continue;
            // As after a restart: nothing is left of the engine but its file.
            engine.CheckPoint(checkpoint);
            engine.Dispose();
            engine = new MLContext().Model.Load(checkpoint, out _).CreateSequenceEngine<Month, Forecast>(ml);
        }
        engine.Dispose();

        foreach ((Month now, float next) in forecasts.TakeLast(6))
            Console.WriteLine(FormattableString.Invariant($"{now.Date:yyyy-MM}  forecast {next,5:F1}  came true {now.Value,5:F1}"));
        ForecastErrors errors = ForecastErrors.Of(forecasts, f => f.Next, f => f.Now.Value);
        Console.WriteLine(FormattableString.Invariant($"{forecasts.Count} months, one ahead: RMSE {errors.Rmse:F2} °F. The engine was restarted from {checkpoint} half-way."));
        float[] batch = [.. model.Transform(split.TestSet).GetColumn<float>("Score")];
        bool same = batch.SequenceEqual(forecasts.Select(f => f.Next));
        Console.WriteLine($"The same bits as scoring all rows at once: {(same ? "yes" : "NO")}.");
        return same;
    }

    private sealed class Forecast
    {
        public float Score { get; set; }
    }
}
