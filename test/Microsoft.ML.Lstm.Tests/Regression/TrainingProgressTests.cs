using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Tests.Regression;

public sealed class TrainingProgressTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("lstm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Fit_EveryEpoch_IsToldToLogCallbackAndHistory()
    {
        var (log, epochs) = (new List<string>(), new List<EpochReport>());
        _ml.Log += (_, said) => log.Add(said.Message);
        LstmRegressor.Options options = Options(3);
        options.EpochDone = epochs.Add;

        LstmRegressionTransformer model = _ml.Regression.Trainers.LstmRegressor(options).Fit(Load(100));

        string[] told = [.. log.Where(line => line.Contains(": loss ", StringComparison.Ordinal))];
        Assert.Equal(3, told.Length);
        Assert.Matches(@"LstmRegressor.*Epoch 2 of 3: loss [\d.E-]+, validation loss [\d.E-]+( \(best\))?, \d+ sequences/s", told[1]);
        Assert.Equal(epochs, model.History.Epochs);
        Assert.Equal([0, 1, 2], epochs.Select(e => e.Epoch));
        Assert.Equal(TrainingEnd.Completed, model.History.End);
    }

    [Fact]
    public void Save_History_ComesBack()
    {
        LstmRegressionTransformer model = _ml.Regression.Trainers.LstmRegressor(Options(2)).Fit(Load(50));
        using var stream = new MemoryStream();
        _ml.Model.Save(model, null, stream);
        stream.Position = 0;

        var loaded = Assert.IsType<LstmRegressionTransformer>(Assert.Single(Chain(_ml.Model.Load(stream, out _))));

        Assert.Equal(model.History.Epochs, loaded.History.Epochs);
        Assert.Equal(model.FeatureColumnName, loaded.FeatureColumnName);
    }

    [Fact]
    public void Fit_Cancelled_StopsBeforeTheNextBatch()
    {
        using var source = new CancellationTokenSource();
        int batches = 0;
        LstmRegressor.Options options = Options(1000);
        (options.CancellationToken, options.CheckpointPath, options.CheckpointEverySteps) = (source.Token, Path.Combine(_folder, "checkpoint.safetensors"), 2);
        options.BatchDone = _ =>
        {
            if (++batches == 5)
                source.Cancel();
        };

        Assert.ThrowsAny<OperationCanceledException>(() => _ml.Regression.Trainers.LstmRegressor(options).Fit(Load(100)));

        Assert.Equal(5, batches);
        Assert.Equal(options.CheckpointPath, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Fact]
    public void Fit_ResumedAfterCancellation_GivesTheSameBits()
    {
        string path = Path.Combine(_folder, "checkpoint.safetensors");
        using var source = new CancellationTokenSource();
        LstmRegressor.Options whole = Options(4), half = Options(4), rest = Options(4);
        (half.CheckpointPath, half.CancellationToken) = (path, source.Token);
        half.EpochDone = epoch =>
        {
            if (epoch.Epoch == 1)
                source.Cancel();
        };
        rest.ResumeFrom = path;

        Assert.ThrowsAny<OperationCanceledException>(() => Scores(half));

        Assert.Equal(Scores(whole), Scores(rest));
    }

    [Fact]
    public void Fit_KeepWeightsOnCancellation_KeepsThem()
    {
        using var source = new CancellationTokenSource();
        LstmRegressor.Options options = Options(1000);
        (options.CancellationToken, options.KeepWeightsOnCancellation) = (source.Token, true);
        options.EpochDone = _ => source.Cancel();

        TrainingHistory history = _ml.Regression.Trainers.LstmRegressor(options).Fit(Load(100)).History;

        Assert.Equal(TrainingEnd.Cancelled, history.End);
        Assert.Single(history.Epochs);
    }

    [Fact]
    public void Fit_CancelledWhileReadingRows_Stops()
    {
        LstmRegressor.Options options = Options(1);
        options.CancellationToken = new CancellationToken(canceled: true);

        Assert.ThrowsAny<OperationCanceledException>(() => _ml.Regression.Trainers.LstmRegressor(options).Fit(_ml.Data.LoadFromEnumerable(Endless())));
    }

    private static IEnumerable<Example> Endless()
    {
        while (true)
            yield return new Example();
    }

    private static IEnumerable<ITransformer> Chain(ITransformer model) => model as IEnumerable<ITransformer> ?? [model];

    private float[] Scores(LstmRegressor.Options options) =>
        [.. _ml.Regression.Trainers.LstmRegressor(options).Fit(Load(100)).Transform(Load(100)).GetColumn<float>("Score")];

    private static LstmRegressor.Options Options(int epochs) => new() { NumberOfEpochs = epochs, HiddenSizes = [4], BatchSize = 16, NumberOfThreads = 1, Seed = 1 };

    private IDataView Load(int rows) => _ml.Data.LoadFromEnumerable(Series.Examples(rows));
}
