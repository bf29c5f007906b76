using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Lstm.Tests.Trainers;

public sealed class LoggingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Log _log = new();

    [Fact]
    public void LogTo_Training_HandsOnWhatTheContextTellsUntilItIsDisposedOf()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Examples(5));
        var told = new List<string>();
        _ml.Log += (_, said) => told.Add($"{said.Source}: {said.RawMessage}");

        using (_ml.LogTo(_log))
            _ = Trainer().Fit(data);
        int before = _log.Lines.Count;
        _ = Trainer().Fit(data);

        Assert.Equal(told.Take(before), _log.Lines.Select(line => line.Message));
        Assert.Equal(before, _log.Lines.Count);
        Assert.Contains(_log.Lines, line =>
            line.Level == LogLevel.Information && line.Message.Contains("Epoch 2 of 2", StringComparison.Ordinal)
            && line.Values.Any(value => value is { Key: "Source", Value: string }));
        Assert.Contains(_log.Lines, line =>
            line.Level == LogLevel.Warning && line.Message.Contains("Training without validation", StringComparison.Ordinal));
    }

    [Fact]
    public void LogEpoch_AsEpochDone_LogsEachWithItsValues()
    {
        TrainingHistory history = Trainer(_log.LogEpoch).Fit(_ml.Data.LoadFromEnumerable(Series.Examples(40))).History;

        Assert.Equal(history.Epochs.Select(epoch => (object?)epoch.Loss),
            _log.Lines.Select(line => line.Values.Single(value => value.Key == "Loss").Value));
        Assert.Equal(history.Epochs.Select(epoch => (object?)epoch.ValidationLoss),
            _log.Lines.Select(line => line.Values.Single(value => value.Key == "ValidationLoss").Value));
        Assert.All(_log.Lines, line => Assert.Equal((LogLevel.Information, 1), (line.Level, line.Event.Id)));
    }

    private LstmRegressor Trainer(Action<EpochReport>? epochDone = null) =>
        _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { HiddenSizes = [4], NumberOfEpochs = 2, EpochDone = epochDone });

    private sealed class Log : ILogger
    {
        public List<(LogLevel Level, EventId Event, string Message, IReadOnlyList<KeyValuePair<string,
            object?>> Values)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter) =>
            Lines.Add((logLevel, eventId, formatter(state, exception), [.. (IReadOnlyList<KeyValuePair<string, object?>>)(object)state!]));
    }
}
