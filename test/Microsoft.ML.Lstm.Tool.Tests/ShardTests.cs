using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>Shares of the work whose files, one after the other, are the file of one process.</summary>
public sealed class ShardTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Predict_SharesOfSeries_ConcatenateToTheFileOfAll()
    {
        string path = Stores();
        _tool.Forecast(path, "--group Store").Succeeds();
        string command = $"predict {{0}} {{1}} --output {{2}}";
        CommandLine.Run(command, _tool["out/model.zip"], path, _tool["all"]).Succeeds("6 rows");

        Shares(5, shard => CommandLine.Run($"{command} --shard {shard}", _tool["out/model.zip"], path, _tool["shares"]).Succeeds());

        Assert.Equal(File.ReadAllText(_tool["all/forecast.csv"]), Joined("forecast", 5));
        Assert.Equal(_tool["shares/forecast-00001-of-00005.csv"], Directory.GetFiles(_tool["shares"]).Order().ElementAt(1));
    }

    [Fact]
    public void Predict_SharesOfRows_ConcatenateToTheFileOfAll()
    {
        string path = _tool.Write("rows.csv", "a,b,c,y\n" + string.Concat(Enumerable.Range(0, 41)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 3},{i % 5},{i % 7},{i % 4}\n"))));
        CommandLine.Run("train regress {0} --label y --output {1} --epochs 1 --hidden 2", path, _tool["out"]).Succeeds();
        string command = "predict {0} {1} --output {2}";
        CommandLine.Run(command, _tool["out/model.zip"], path, _tool["all"]).Succeeds("41 rows");

        Shares(3, shard => CommandLine.Run($"{command} --shard {shard}", _tool["out/model.zip"], path, _tool["shares"]).Succeeds());

        Assert.Equal(File.ReadAllText(_tool["all/predictions.csv"]), Joined("predictions", 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--refit-every 2")]
    public void Backtest_SharesOfOrigins_ConcatenateToTheFileOfAll(string refit)
    {
        string path = Stores();
        string command = $"backtest {{0}} --output {{1}} --group Store --origins 5 {CommandLine.Quick} {refit}";
        CommandLine.Run(command, path, _tool["all"]).Succeeds();

        Shares(4, shard => CommandLine.Run($"{command} --shard {shard}", path, _tool["shares"]).Succeeds());

        Assert.Equal(File.ReadAllText(_tool["all/backtest.csv"]), Joined("backtest", 4));
        Assert.Equal(1 + (5 * 3 * 2), File.ReadAllLines(_tool["all/backtest.csv"]).Length);
    }

    [Theory]
    [InlineData("4/4")]
    [InlineData("-1/4")]
    [InlineData("half")]
    public void Shard_ThatIsNone_IsRefusedByName(string shard) =>
        CommandLine.Run($"predict {{0}} {{0}} --shard {shard}", _tool["none"])
            .Fails($"--shard is '{shard}'; expected i/n, i from 0 to n − 1");

    [Fact]
    public void Shard_ByLauncherOrScheduler_IsFoundOut()
    {
        string path = Stores();
        _tool.Forecast(path, "--group Store").Succeeds();
        string[] command = ["predict", _tool["out/model.zip"], path, "--output", _tool["shares"]];

        Assert.Contains("forecast-00001-of-00003.csv", Start(command, ("OMPI_COMM_WORLD_RANK", "1"), ("OMPI_COMM_WORLD_SIZE", "3")).Out);
        Assert.Contains("forecast-00002-of-00004.csv", Start([.. command, "--shard", "auto"], ("JOB_COMPLETION_INDEX", "2"),
            ("JOB_COMPLETIONS", "4")).Out);
        // A file of all, though an array runs it: only --shard auto asks for that.
        Assert.Contains("forecast.csv", Start(command, ("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_TASK_COUNT", "4")).Out);
        (int code, _, string error) = Start(["forecast", path], ("PMI_RANK", "0"), ("PMI_SIZE", "2"));
        Assert.Equal(1, code);
        Assert.Contains("lstm forecast is process 0/2 of an MPI launcher", error);
    }

    private static void Shares(int count, Action<string> run)
    {
        for (int i = 0; i < count; i++)
            run(string.Create(CultureInfo.InvariantCulture, $"{i}/{count}"));
    }

    private static (int Code, string Out, string Error) Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(LstmTool).Assembly.Location, .. arguments]) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private string Stores() => _tool.Write("data.csv", "Store,Sales\n" + string.Concat(
        Enumerable.Range(0, 120).Select(i => string.Create(CultureInfo.InvariantCulture, $"{"abc"[i / 40]},{CommandLine.Wave(i)}\n"))));

    private string Joined(string name, int count) => string.Concat(Enumerable.Range(0, count).Select(i =>
        File.ReadAllText(_tool[string.Create(CultureInfo.InvariantCulture, $"shares/{name}-{i:D5}-of-{count:D5}.csv")])));
}
