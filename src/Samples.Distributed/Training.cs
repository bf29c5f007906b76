using Microsoft.ML;
using Microsoft.ML.Lstm;

namespace Samples.Distributed;

/// <summary>What an ordinary training is, and nothing more: the launcher makes it one of several processes.</summary>
internal static class Training
{
    private const int Horizon = 24;

    public static int Run(string path, bool quick, bool resume, DistributedData held, CancellationToken cancellation)
    {
        var ml = new MLContext(seed: 1);
        bool isFirst = WorkShard.FromLauncher() is null or { Index: 0 };
        ml.Log += (_, log) =>
        {
            if (isFirst && log.Message.Contains("Training as process", StringComparison.Ordinal))
                Console.WriteLine(log.Message);
        };
        string checkpoint = path + ".checkpoint";
        var trainer = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            GroupColumnName = "Series",
            WindowSize = 168,
            Horizon = Horizon,
            SeasonLength = 24,
            HiddenSizes = [quick ? 8 : 128],
            NumberOfEpochs = quick ? 2 : 10,
            WindowsPerEpoch = quick ? 200 : 40_000,
            BatchSize = quick ? 32 : 256,
            CheckpointPath = checkpoint,
            CheckpointEverySteps = 50,
            ResumeFrom = resume && File.Exists(checkpoint) ? checkpoint : null,
            Seed = 1,
            DistributedData = held,
            CancellationToken = cancellation,
            EpochDone = epoch => Console.WriteLine(FormattableString.Invariant($"epoch {epoch.Epoch + 1}: loss {epoch.Loss:G9}, validation {epoch.ValidationLoss:G9}, {epoch.Seconds:F1} s")),
        });
        int count = SeriesRow.Count(quick);
        (int start, int end) = held == DistributedData.Own ? WorkShard.FromEnvironment().Range(count) : (0, count);
        IDataView data = ml.Data.LoadFromEnumerable(SeriesRow.Of(start, end, quick));
        LstmForecastingTransformer model = trainer.Fit(data);
        // Every process has the model; one saves it.
        if (isFirst)
            ml.Model.Save(model, data.Schema, path);
        return 0;
    }
}
