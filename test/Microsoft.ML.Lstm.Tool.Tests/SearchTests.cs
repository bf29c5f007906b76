using System.CommandLine;
using System.Text.Json;
using Microsoft.ML.Lstm.Tool.Code;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary><c>lstm forecast</c> with <c>--trials</c> and <c>--minutes</c>.</summary>
public sealed class SearchTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Forecast_Trials_ForecastsWithWhatWasFoundAndShowsIt()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(60));

        JsonElement found = _tool.Forecast(path, "--trials 3 --json --code " + _tool["code"]).Succeeds().Json();

        JsonElement search = found.GetProperty("search");
        Assert.Equal(3, search.GetProperty("trainings").GetInt32());
        Assert.True(search.GetProperty("score").GetDouble() <= search.GetProperty("given").GetDouble());
        Assert.Contains(">Search</h2>", File.ReadAllText(_tool["out/report.html"]), StringComparison.Ordinal);
        string code = string.Concat(Directory.GetFiles(_tool["code"], "*.cs").Select(File.ReadAllText));
        if (search.GetProperty("trial").GetInt32() > 0)
            Assert.Contains($"WindowSize = {search.GetProperty("values").GetProperty("WindowSize").GetString()},", code,
                StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(_tool["out/search"], "trial-*.json").Length);
    }

    [Fact]
    public void Forecast_TheSameSearchAgain_TrainsNoTrialAndForecastsTheSame()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(60));
        _tool.Forecast(path, "--trials 3").Succeeds("Searched: 3 trials (Completed).");
        string first = File.ReadAllText(_tool["out/forecast.csv"]);

        ToolResult again = _tool.Forecast(path, "--trials 3 --force");

        again.Succeeds();
        Assert.Equal(3, again.Error.Split("found in the folder").Length - 1);
        Assert.Equal(first, File.ReadAllText(_tool["out/forecast.csv"]));
    }

    [Fact]
    public async Task Forecast_CtrlCInTheSearch_ForecastsWithTheBestSoFarAndIsResumed()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(60));
        using var stop = new CancellationTokenSource();
        var output = new StringWriter();
        var error = new Watching("Search: trial 2", stop);
        string[] arguments = ["forecast", path, "--output", _tool["out"], "--trials", "5", .. CommandLine.Quick.Split(' ')];

        int code = await LstmTool.Run(arguments, new InvocationConfiguration { Output = output, Error = error }, stop.Token);

        new ToolResult(code, output.ToString(), error.ToString()).Succeeds("Searched: 2 trials (Cancelled).", "Written:");
        Assert.Contains("Ctrl-C", error.ToString(), StringComparison.Ordinal);
        ToolResult resumed = _tool.Forecast(path, "--trials 5 --force").Succeeds("Searched: 5 trials (Completed).");
        Assert.Equal(2, resumed.Error.Split("found in the folder").Length - 1);
    }

    [Fact]
    public void Forecast_AnotherSearchInTheFolder_IsRefusedUnlessForced()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(60));
        _tool.Forecast(path, "--trials 1").Succeeds();
        foreach (string file in Directory.GetFiles(_tool["out"]))
            File.Delete(file);

        _tool.Forecast(path, "--trials 1 --seed 2").Fails("its Seed is 1; expected 2", "--force searches anew, --output says where.");
        _tool.Forecast(path, "--trials 1 --folds 2").Fails("its Origins is", "in each of 2 folds", "--force searches anew");
        _tool.Forecast(path, "--trials 1 --seed 2 --folds 2 --force").Succeeds("Searched: 1 trials");
    }

    [Theory]
    [InlineData("--trials 0", "--trials is 0; expected 1 to 100000.")]
    [InlineData("--minutes 0", "--minutes is 0; expected more than 0")]
    [InlineData("--trials 1 --folds 0", "--folds is 0; expected 1 to 100.")]
    [InlineData("--folds 2", "--folds is given without a search; expected --minutes or --trials beside it.")]
    [InlineData("--trials 1 --folds 90", "NumberOfFolds is 90; expected fewer")]
    [InlineData("--minutes NaN", "--minutes is NaN; expected more than 0")]
    public void Forecast_SearchOfNoLength_NamesTheFlag(string flags, string message) =>
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(60)), flags).Fails(message);

    [Fact]
    public void Lines_OptionsThatNoFlagSays_AreInitialisers()
    {
        var options = new LstmForecaster.Options
        {
            SegmentLength = 4, CalendarFeatures = CalendarFeatures.None, ScaleByWindow = true, Logarithms = false, LinearSkip = false,
            Cell = CellKind.Lstm, LearningRate = 0.0005f,
            Dropout = new RegularizationSpec { OutputDropout = 0.2f, LayerDropout = 0.2f },
        };

        Assert.Equal(
            [
                "SegmentLength = 4", "CalendarFeatures = Microsoft.ML.Lstm.CalendarFeatures.None", "ScaleByWindow = true", "Logarithms = false",
                    "LinearSkip = false", "Cell = CellKind.Lstm", "LearningRate = 0.0005f",
                "Dropout = new RegularizationSpec { OutputDropout = 0.2f, LayerDropout = 0.2f }",
            ],
            SearchedOptions.Lines(options));
        Assert.Empty(SearchedOptions.Lines(new LstmForecaster.Options()));
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
