using Microsoft.Extensions.Logging;
using Microsoft.ML.Lstm;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What ML.NET and trainings say, to <c>Microsoft.Extensions.Logging</c>.</summary>
public static class LoggingCatalog
{
    private static readonly Action<ILogger, int, double, double?, bool, double, Exception?> s_epoch =
        LoggerMessage.Define<int, double, double?, bool, double>(
            LogLevel.Information, new EventId(1, "Epoch"),
            "Epoch {Epoch}: loss {Loss}, validation loss {ValidationLoss}, best {IsBest}, {Seconds} s");

    /// <summary>
    /// Hands on to a logger whatever <c>MLContext.Log</c> tells: what trainers say of data, epochs and findings, and what ML.NET itself
    /// says. Traces, information, warnings and errors keep their level;
    /// the component that speaks is the value <c>Source</c>.
    /// </summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="logger">Where to.</param>
    /// <returns>What ends it when it is disposed of; needless where the logger lives as long as the context.</returns>
    /// <example>
    /// <code>
    /// using Microsoft.Extensions.Logging;
    /// using Microsoft.Extensions.Logging.Abstractions;
    ///
    /// ILogger logger = NullLogger.Instance;   // of a host: the one that it injects
    /// using IDisposable forwarding = ml.LogTo(logger);
    /// </code>
    /// </example>
    public static IDisposable LogTo(this MLContext mlContext, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(logger);
        void Forward(object? sender, LoggingEventArgs said) =>
            logger.Log(LevelOf(said.Kind), "{Source}: {Message}", said.Source, said.RawMessage);
        mlContext.Log += Forward;
        return new Forwarding(() => mlContext.Log -= Forward);
    }

    /// <summary>
    /// Logs an epoch with its values, event 1, level information: <c>Epoch</c>, <c>Loss</c>, <c>ValidationLoss</c>, <c>IsBest</c> and
    /// <c>Seconds</c>.
    /// </summary>
    /// <param name="logger">Where to.</param>
    /// <param name="epoch">The epoch, as <see cref="RecurrentNetworkOptions.EpochDone"/> is given it.</param>
    /// <example>
    /// <code>
    /// using Microsoft.Extensions.Logging;
    /// using Microsoft.Extensions.Logging.Abstractions;
    ///
    /// ILogger logger = NullLogger.Instance;
    /// var options = new LstmRegressor.Options { EpochDone = logger.LogEpoch };
    /// </code>
    /// </example>
    public static void LogEpoch(this ILogger logger, EpochReport epoch)
    {
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentNullException.ThrowIfNull(epoch);
        s_epoch(logger, epoch.Epoch, epoch.Loss, epoch.ValidationLoss, epoch.IsBest, epoch.Seconds, null);
    }

    private static LogLevel LevelOf(ChannelMessageKind kind) => kind switch
    {
        ChannelMessageKind.Error => LogLevel.Error,
        ChannelMessageKind.Warning => LogLevel.Warning,
        ChannelMessageKind.Info => LogLevel.Information,
        _ => LogLevel.Trace,
    };

    private sealed class Forwarding(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
