using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Search;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

public sealed class RefitTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Fit_FewWindows_HoldsOutAFifthAndLearnsItTooByDefault()
    {
        IDataView data = Load(200);

        ForecastModel first = Train(data, o => o.RefitOnAllRows = false);
        ForecastModel refitted = Train(data, o => o.ValidationFraction = 0.1), asked = Train(data, o => o.RefitOnAllRows = true);

        Assert.Equal(asked.Fingerprint, refitted.Fingerprint);
        Assert.NotEqual(first.Fingerprint, refitted.Fingerprint);
        // What is known of the forecasts is known of those that had not seen the held-out rows.
        Assert.Equal(first.Diagnosis.Findings.Select(finding => finding.Message), refitted.Diagnosis.Findings.Select(finding => finding.Message));
        Assert.Equal(Losses(first.History), Losses(refitted.History));
        Assert.Equal(first.ConfidenceLevel, refitted.ConfidenceLevel);
    }

    [Fact]
    public void Fit_ManyWindows_IsNotTrainedAgainByDefault()
    {
        IDataView data = Load(1500);

        ForecastModel first = Train(data, o => o.RefitOnAllRows = false), byDefault = Train(data, _ => { });

        Assert.Equal(first.Fingerprint, byDefault.Fingerprint);
    }

    [Fact]
    public void Fit_NothingHeldOut_IsTrainedOnce()
    {
        IDataView data = Load(200);
        int epochs = 0;

        _ = Train(data, o => (o.ValidationFraction, o.RefitOnAllRows, o.EpochDone) = (0, true, _ => epochs++));

        Assert.Equal(4, epochs);
    }

    [Fact]
    public void Fit_Again_RepeatsTheEpochsUpToTheBestAtTheirRates()
    {
        List<EpochReport> epochs = [];

        _ = Train(Load(200), o => (o.NumberOfEpochs, o.LearningRate, o.EpochDone) = (12, 0.02f, epochs.Add));

        int again = epochs.FindIndex(1, epoch => epoch.Epoch == 0), best = epochs[..again].FindLastIndex(epoch => epoch.IsBest);
        Assert.All(epochs[..again], epoch => Assert.NotNull(epoch.ValidationLoss));
        Assert.All(epochs[again..], epoch => Assert.Null(epoch.ValidationLoss));
        Assert.True(best < again - 1, "The best epoch is the last.");
        Assert.True(epochs[best].LearningRate < epochs[0].LearningRate, "The rate has not come down before the best epoch.");
        Assert.Equal(epochs[..(best + 1)].Select(epoch => epoch.LearningRate), epochs[again..].Select(epoch => epoch.LearningRate));
    }

    [Fact]
    public void Fit_CancelledWhileTrainedAgainWithWeightsToKeep_IsTheFirstTraining()
    {
        IDataView data = Load(200);
        using var cancellation = new CancellationTokenSource();

        ForecastModel cancelled = Train(
            data, o => (o.CancellationToken, o.KeepWeightsOnCancellation, o.EpochDone) = (cancellation.Token, true, Cancel));

        Assert.Equal(Train(data, o => o.RefitOnAllRows = false).Fingerprint, cancelled.Fingerprint);

        void Cancel(EpochReport epoch)
        {
            if (epoch.ValidationLoss is null)
                cancellation.Cancel();
        }
    }

    [Fact]
    public void Fit_DivergesWhileTrainedAgain_IsTheFirstTraining()
    {
        IDataView data = Load(200);

        ForecastModel diverged = Train(data, o => o.EpochDone = epoch =>
        {
            if (epoch.ValidationLoss is null)
                throw new TrainingDivergedException("The loss is NaN.", epoch.Steps, epoch.LearningRate);
        });

        Assert.Equal(Train(data, o => o.RefitOnAllRows = false).Fingerprint, diverged.Fingerprint);
    }

    [Fact]
    public void Fit_ResumedFromACheckpoint_IsTheTrainingUninterrupted()
    {
        IDataView data = Load(200);
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "checkpoint");
        ForecastModel whole = Train(data, o => o.CheckpointPath = path);

        ForecastModel resumed = Train(data, o => o.ResumeFrom = path);

        Assert.Equal(whole.Fingerprint, resumed.Fingerprint);
    }

    [Fact]
    public void Fit_SkipNotTrained_IsNetworkAndLineMixed()
    {
        // A season, which a line says, and steps of a tent map, which it does not.
        float[] values = new float[400];
        double step = 0.3, sum = 0;
        for (int t = 0; t < values.Length; t++, step = 1 - (1.6 * Math.Abs(step)))
            values[t] = (float)((2 * Math.Sin(Math.PI * t / 6)) + (sum += step));
        IDataView data = Load(values);
        ForecastModel Short(Action<LstmForecaster.Options> change) => Train(data, o =>
        {
            (o.WindowSize, o.Horizon, o.NumberOfEpochs, o.LearningRate) = (12, 1, 30, 0.01f);
            change(o);
        });

        ForecastModel apart = Short(o => o.TrainSkip = false), alone = Short(o => o.LinearSkip = false),
            line = Short(o => o.LearningRate = 1e-30f);

        // Somewhere between, in the same place from every row.
        float[] mixed = Forecasts(apart, data), network = Forecasts(alone, data), linear = Forecasts(line, data);
        float[] shares = [.. mixed.Select((value, i) => (Value: value - linear[i], Apart: network[i] - linear[i]))
            .Where(pair => Math.Abs(pair.Apart) > 0.05f).Select(pair => pair.Value / pair.Apart)];
        Assert.InRange(shares[0], 0.05f, 0.95f);
        Assert.All(shares, share => Assert.Equal(shares[0], share, 0.02f));
    }

    private ForecastModel Train(IDataView data, Action<LstmForecaster.Options> change)
    {
        var options = new LstmForecaster.Options
        {
            InputColumnNames = ["Value"], WindowSize = 24, Horizon = 6, SeasonLength = 12, HiddenSizes = [6], NumberOfEpochs = 4, BatchSize = 16,
            ValidationFraction = 0.2, Seed = 2, Logarithms = false,
        };
        change(options);
        return _ml.Forecasting.ForecastByLstm(options).Fit(data).Model;
    }

    private float[] Forecasts(ForecastModel model, IDataView data)
    {
        float[] values = [.. data.GetColumn<float>("Value")];
        return [.. Enumerable.Range(100, 40).SelectMany(origin => model.Forecast(values[..origin]).Values)];
    }

    private static IEnumerable<double?> Losses(TrainingHistory history) => history.Epochs.Select(epoch => epoch.ValidationLoss);

    // A season whose height depends on what came before, so that a line does not say it all, and noise.
    private IDataView Load(int count)
    {
        var random = new Random(5);
        return Load([.. Enumerable.Range(0, count).Select(t =>
            (float)((Math.Sin(Math.PI * t / 6) * (2 + Math.Sin(t / 9.0))) + (0.4 * random.NextDouble())))]);
    }

    private IDataView Load(float[] values) => _ml.Data.LoadFromEnumerable(values.Select(value => new Row { Value = value }).ToArray());

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
