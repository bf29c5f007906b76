using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Tool.Commands;

// Ctrl-C asks a training to end with what it has learned; a second one is the system's own and ends the program.
using var stop = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await LstmTool.Run(args, new InvocationConfiguration { ProcessTerminationTimeout = null }, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

/// <summary>The commands.</summary>
internal static class LstmTool
{
    /// <summary>Runs the command of a line of arguments.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="configuration">Where it writes to.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>The exit code: 0 if all went well.</returns>
    public static Task<int> Run(IReadOnlyList<string> arguments, InvocationConfiguration configuration, CancellationToken cancellationToken) =>
        UsageErrors.Run(Create().Parse(arguments), configuration, cancellationToken);

    private static RootCommand Create() => new("LSTM, GRU and simple RNN for ML.NET: from a CSV to a forecast, and the C# that makes it.")
    {
        ForecastCommand.Create(), BacktestCommand.Create(), PredictCommand.Create(), EvaluateCommand.Create(), DetectCommand.Create(),
        ExplainCommand.Create(), TrainCommand.Create(), InspectCommand.Create(), GenerateCommand.Create(), ExportCommand.Create(),
        ConvertCommand.Create(), CodeCommand.Create(),
    };
}
