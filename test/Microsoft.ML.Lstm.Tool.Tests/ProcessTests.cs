using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>What only a process of its own shows: a second Ctrl-C, a full disk, a bounded memory.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [UnixFact("env", "--default-signal=INT true")]
    public async Task Forecast_CtrlCTwice_StopsWithoutAResult()
    {
        // Epochs that take their time: as many as the first Ctrl-C has ended follow on all rows, and the second must still find them.
        string[] arguments = ["forecast", _tool.Write("data.csv", CommandLine.Days(3000)), "--output", _tool["out"], "--epochs", "1000000",
            "--hidden", "48", "--horizon", "2", "--window", "90"];
        // What runs the tests may ignore Ctrl-C, and a child of it would too.
        using Process tool = Start("env", ["--default-signal=INT", "dotnet", "exec", ToolPath, .. arguments]);
        await WaitFor(tool, "epoch 2 ");
        Interrupt(tool);
        await WaitFor(tool, "Ctrl-C again stops");
        Interrupt(tool);
        _ = tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        Assert.Equal(130, tool.ExitCode);
        Assert.Empty(Directory.GetFiles(_tool["out"]));
    }

    [UnixFact("unshare", "-rm true")]
    public async Task Forecast_DiskFull_NamesTheFileAndLeavesNoHalf()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(60));
        Directory.CreateDirectory(_tool["out"]);
        // A disk of 16 KB for this process alone: forecast and model fit, the report does not.
        string script = $"mount -t tmpfs -o size=16k none '{_tool["out"]}' && dotnet exec '{ToolPath}' forecast '{path}' --output '{_tool["out"]}' {CommandLine.Quick}; code=$?; ls -A '{_tool["out"]}'; exit $code";
        using Process tool = Start("unshare", ["-rm", "sh", "-c", script]);
        Task<string> error = tool.StandardError.ReadToEndAsync();
        string output = await tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync();
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("report.html' cannot be written: No space left on device", await error, StringComparison.Ordinal);
        Assert.EndsWith("\nforecast.csv\nmodel.zip\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_FileOfManyWideRows_IsReadInLittleMemory()
    {
        // 50 MB, of which two columns are used, in a heap of at most 40 MB. docs/tool.md has the command for 1 GB.
        string path = _tool["wide.csv"], rest = new('x', 2500);
        await using (StreamWriter writer = File.CreateText(path))
        {
            writer.Write("Hour,Sales,Note\n");
            for (int i = 0; i < 20_000; i++)
                writer.Write(string.Create(CultureInfo.InvariantCulture,
                    $"{new DateTime(2020, 1, 1).AddHours(i):yyyy-MM-dd HH:mm},{i % 24},{rest}\n"));
        }
        using Process tool = Start("dotnet", ["exec", ToolPath, "code", "forecast", path, "--output", _tool["out"]],
            ("DOTNET_GCHeapHardLimit", "2800000"));
        Task<string> error = tool.StandardError.ReadToEndAsync();
        string output = await tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync();
        Assert.True(tool.ExitCode == 0, output + await error);
        Assert.Contains("A season of 24 rows", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length < 400, line));
        Assert.True(new FileInfo(path).Length > 50_000_000);
    }

    private static string ToolPath => typeof(LstmTool).Assembly.Location;

    private static Process Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task WaitFor(Process tool, string words)
    {
        string? line;
        do
            line = await tool.StandardError.ReadLineAsync();
        while (line is not null && !line.Contains(words, StringComparison.Ordinal));
        Assert.NotNull(line);
    }

    private static void Interrupt(Process tool)
    {
        using Process kill = Process.Start("kill", ["-INT", tool.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
