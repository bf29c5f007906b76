using System.Diagnostics.Metrics;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Tests.Trainers;

public sealed class TrainingMeterTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, string? Trainer)> _measured = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public TrainingMeterTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TrainingMeter.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Fit_Regressor_MeasuresWhatItsHistorySays()
    {
        var batches = new List<BatchReport>();
        var options = new LstmRegressor.Options { HiddenSizes = [4], NumberOfEpochs = 3, BatchSize = 16, BatchDone = batches.Add };

        TrainingHistory history = _ml.Regression.Trainers.LstmRegressor(options).Fit(_ml.Data.LoadFromEnumerable(Series.Examples(50)))
            .History;

        Assert.All(_measured, one => Assert.Equal("LstmRegressor", one.Trainer));
        Assert.Equal(3, Values("lstm.training.epochs").Sum());
        Assert.Equal(batches.Count, Values("lstm.training.steps").Sum());
        Assert.Equal(batches.Sum(batch => batch.Sequences), Values("lstm.training.sequences").Sum());
        Assert.Equal(history.Epochs.Select(epoch => epoch.Loss), Values("lstm.training.loss"));
        Assert.Equal(history.Epochs.Select(epoch => epoch.ValidationLoss!.Value), Values("lstm.validation.loss"));
        Assert.Equal(history.Epochs.Select(epoch => (double)epoch.LearningRate), Values("lstm.training.learning_rate"));
        Assert.Equal(history.Epochs.Select(epoch => epoch.GradientNorm), Values("lstm.training.gradient_norm"));
        Assert.Equal(history.Epochs.Select(epoch => epoch.SequencesPerSecond), Values("lstm.training.sequences_per_second"));
        Assert.Equal(history.Epochs.Select(epoch => epoch.Seconds), Values("lstm.training.epoch.duration"));
        double stepsASequence = batches.Count / (double)batches.Sum(batch => batch.Sequences);
        Assert.All(history.Epochs.Zip(Values("lstm.training.steps_per_second")), pair =>
            Assert.Equal(pair.First.SequencesPerSecond * stepsASequence, pair.Second, 1e-6 * pair.Second));
    }

    [Fact]
    public void Fit_Forecaster_HasItsNameAsTag()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(60));

        _ = _ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"], WindowSize = 12, Horizon = 2, NumberOfEpochs = 2, RefitOnAllRows = false,
        }).Fit(data);

        Assert.Equal(2, Values("lstm.training.epochs").Sum());
        Assert.All(_measured, one => Assert.Equal("LstmForecaster", one.Trainer));
    }

    private double[] Values(string instrument) => [.. _measured.Where(one => one.Instrument == instrument).Select(one => one.Value)];

    // Other tests train at the same time, on threads of their own.
    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Environment.CurrentManagedThreadId == _thread)
            _measured.Add((instrument.Name, value, tags[0].Key == "lstm.trainer" ? tags[0].Value as string : null));
    }
}
