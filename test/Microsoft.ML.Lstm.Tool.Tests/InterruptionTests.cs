using System.CommandLine;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>Ctrl-C: what a training has learned by then is used.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Forecast_CtrlCInTheTraining_ForecastsWithTheWeightsSoFar()
    {
        ToolResult result = Interrupted("Training: epoch 2");
        result.Succeeds("Written:");
        Assert.Contains("Ctrl-C", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Training: epoch 4 ", result.Error, StringComparison.Ordinal);
        CommandLine.Run("inspect {0}", _tool["out/model.zip"]).Succeeds("Cancelled");
    }

    [Fact]
    public void Forecast_CtrlCInTheTest_TrainsForAsManyEpochs()
    {
        ToolResult result = Interrupted("Test: epoch 3");
        result.Succeeds("Written:");
        Assert.Contains("Training: epoch 3 of 3", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Forecast_CtrlCBeforeAnyTraining_StopsWithItsExitCode()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Equal(130, Run(new StringWriter(), new StringWriter(), cancelled));
        Assert.False(File.Exists(_tool["out/forecast.csv"]));
    }

    private ToolResult Interrupted(string when)
    {
        using var stop = new CancellationTokenSource();
        var output = new StringWriter();
        var error = new Watching(when, stop);
        int code = Run(output, error, stop);
        return new ToolResult(code, output.ToString(), error.ToString());
    }

    private int Run(StringWriter output, StringWriter error, CancellationTokenSource stop)
    {
        string[] arguments = ["forecast", _tool.Write("data.csv", CommandLine.Days(60)), "--output", _tool["out"], "--epochs", "5000", "--hidden", "2", "--horizon", "2", "--window", "4"];
        return LstmTool.Run(arguments, new InvocationConfiguration { Output = output, Error = error }, stop.Token).GetAwaiter().GetResult();
    }

    /// <summary>Presses Ctrl-C as soon as some words have been written.</summary>
    private sealed class Watching(string words, CancellationTokenSource stop) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            if (!stop.IsCancellationRequested && ToString().Contains(words, StringComparison.Ordinal))
                stop.Cancel();
        }
    }
}
