using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Commands;

return await LstmTool.Create().Parse(args).InvokeAsync();

/// <summary>The commands.</summary>
internal static class LstmTool
{
    /// <summary>The root of all commands.</summary>
    public static RootCommand Create() => new("LSTM, GRU and simple RNN for ML.NET: from a CSV to a forecast, and the C# that makes it.")
    {
        ForecastCommand.Create(), BacktestCommand.Create(), PredictCommand.Create(), InspectCommand.Create(), GenerateCommand.Create(), ExportCommand.Create(),
    };
}
