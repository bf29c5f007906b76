using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>What is written, where, and what programs that call the tool see of it.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Forecast_FileThatIsThere_NamesForceAndLeavesIt()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(40));
        Directory.CreateDirectory(_tool["out"]);
        _tool.Write("out/forecast.csv", "mine");
        _tool.Forecast(path).Fails("forecast.csv", "--force", "--output");
        Assert.Equal("mine", File.ReadAllText(_tool["out/forecast.csv"]));
        _tool.Forecast(path, "--force").Succeeds();
        Assert.StartsWith("Date,Forecast", File.ReadAllText(_tool["out/forecast.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Forecast_OutputIsAFile_NamesOutput()
    {
        _tool.Write("out", "a file");
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40))).Fails("out", "--output");
        Assert.Equal("a file", File.ReadAllText(_tool["out"]));
    }

    [Fact]
    public void Forecast_NoPermissionToWrite_NamesOutput()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        Directory.CreateDirectory(_tool["out"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40))).Fails("out", "--output");
    }

    [Theory]
    [InlineData("/proc/lstm")]
    [InlineData("/proc")]
    public void Forecast_PlaceThatNobodyMayWriteTo_NamesOutput(string folder)
    {
        // Read-only for root too.
        if (OperatingSystem.IsLinux())
            CommandLine.Run($"forecast {{0}} --output {folder} {CommandLine.Quick}", _tool.Write("data.csv", CommandLine.Days(40)))
                .Fails($"'{folder}'", "--output");
    }

    [Fact]
    public void Write_DeviceThatIsFull_NamesTheFileAndLeavesWhatWasThere()
    {
        if (!File.Exists("/dev/full"))
            return;
        _tool.Write("model.zip", "mine");
        var files = new Output.OutputFiles(_tool[""], overwrite: true, "model.zip");
        ToolException e = Assert.Throws<ToolException>(() => files.Write("model.zip", stream =>
        {
            stream.Write(new byte[100_000]);
            using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write);
            full.Write(new byte[100_000]);
            full.Flush();
        }));
        Assert.Contains("model.zip' cannot be written: No space left on device", e.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_tool["model.zip"]));
        Assert.Single(Directory.GetFiles(_tool[""]));
    }

    [Fact]
    public void Forecast_CodeFolderHasFiles_NamesForce()
    {
        Directory.CreateDirectory(_tool["code"]);
        _tool.Write("code/Program.cs", "mine");
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40)), $"--code {_tool["code"]}").Fails("Program.cs", "--force");
        Assert.False(File.Exists(_tool["out/forecast.csv"]));
    }

    [Fact]
    public void Forecast_NothingLeftBehind_OnFailureOrSuccess()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(40));
        _tool.Forecast(path).Succeeds();
        Assert.Equal(["forecast.csv", "model.zip", "report.html"], Directory.GetFiles(_tool["out"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Forecast_Json_IsOneObjectAlone()
    {
        JsonElement json = _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40)), "--json").Succeeds().Json();
        Assert.Equal(2, json.GetProperty("horizon").GetInt32());
        Assert.Equal(2, json.GetProperty("forecast").GetArrayLength());
        Assert.All(json.GetProperty("files").EnumerateArray(), file => Assert.True(File.Exists(file.GetString())));
        string[] written = [.. File.ReadAllLines(_tool["out/forecast.csv"]).Skip(1).Select(line => line.Split(',')[1])];
        Assert.Equal(written, json.GetProperty("forecast").EnumerateArray().Select(row => row.GetProperty("forecast").GetSingle().ToString("R", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Forecast_JsonAndBadInput_LeavesTheOutputEmpty()
    {
        ToolResult result = _tool.Forecast(_tool.Write("data.csv", ""), "--json");
        result.Fails("is empty");
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Forecast_Piped_HasNoEscapes()
    {
        ToolResult result = _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40))).Succeeds("Written:");
        Assert.DoesNotContain('\u001b', result.Output);
        Assert.DoesNotContain('\u001b', result.Error);
        Assert.Contains("epoch 1 of 1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Forecast_Twice_IsTheSame()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(40));
        _tool.Forecast(path).Succeeds();
        string first = File.ReadAllText(_tool["out/forecast.csv"]);
        _tool.Forecast(path, "--force").Succeeds();
        Assert.Equal(first, File.ReadAllText(_tool["out/forecast.csv"]));
    }

    [Theory]
    [InlineData("--epochs 0", "--epochs")]
    [InlineData("--horizon -1", "--horizon")]
    [InlineData("--level 1", "--level")]
    [InlineData("--separator ab", "--separator")]
    [InlineData("--decimal x", "--decimal")]
    [InlineData("--window 9999999", "--window")]
    [InlineData("--missing Forget", "--missing")]
    [InlineData("--no-such-flag", "--no-such-flag")]
    public void Forecast_FlagOutOfRange_IsNamed(string flag, string words) => _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40)), flag).Fails(words);

    [Fact]
    public void Read_WideFile_KeepsOnlyWhatIsWanted()
    {
        // Long notes in each row: read and passed over, never kept. Allocations are counted, not time or the machine's memory.
        const int Rows = 40_000;
        string note = new('x', 400);
        using (var writer = new StreamWriter(_tool["wide.csv"]))
        {
            writer.WriteLine("Date,Sales,Note");
            for (int i = 0; i < Rows; i++)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{new DateTime(2000, 1, 1).AddMinutes(i):yyyy-MM-dd HH:mm},{i % 7},{note}"));
        }
        CsvDialect dialect = CsvSniffer.Look(_tool["wide.csv"], new CsvFlags());
        (ColumnGuess, ColumnKind)[] wanted = [(dialect.Columns[0], ColumnKind.Time), (dialect.Columns[1], ColumnKind.Number)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        TableView table = CsvTable.Read(_tool["wide.csv"], dialect, wanted);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before, length = new FileInfo(_tool["wide.csv"]).Length;
        Assert.Equal(Rows, table.GetRowCount());
        Assert.Equal(["Date", "Sales"], table.Schema.Select(column => column.Name));
        Assert.True(allocated < length / 8, $"{allocated} bytes were allocated to read a file of {length}.");
    }
}
