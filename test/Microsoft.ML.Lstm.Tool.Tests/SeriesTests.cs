using System.Globalization;
using System.Text;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>Several series, covariates, and models that are used again.</summary>
public sealed class SeriesTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    // Two shops; weather is known of the past, a holiday of the future as well, a district stays as it is.
    private string Shops(bool alternate = true, int known = 40, int rows = 42)
    {
        var lines = new List<string> { "Shop,Date,Sales,Rain,Weather,Holiday,Event,District" };
        foreach ((int i, string shop) in alternate
            ? from i in Enumerable.Range(0, rows) from shop in new[] { "north", "south" } select (i, shop)
            : from shop in new[] { "north", "south" } from i in Enumerable.Range(0, rows) select (i, shop))
        {
            string sales = i < known ? CommandLine.Plain(CommandLine.Wave(i) * (shop == "north" ? 1 : 2)) : "", rain = i < known ? CommandLine.Plain(i % 3) : "";
            lines.Add(string.Join(',', shop, CommandLine.Day(new DateTime(2026, 1, 1).AddDays(i)), sales, rain, i % 3 == 0 ? "sun" : "cloud", i % 7 == 0 ? "1" : "0", i % 7 == 0 ? "fair" : "none", $"{shop} side"));
        }
        return _tool.Write("shops.csv", string.Join('\n', lines));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forecast_Group_ForecastsEachSeries(bool alternate)
    {
        _tool.Forecast(Shops(alternate), "--group Shop --target Sales").Succeeds("2 series");
        string[] lines = File.ReadAllLines(_tool["out/forecast.csv"]);
        Assert.Equal("Shop,Date,Forecast,Lower,Upper", lines[0]);
        Assert.Equal(["north,2026-02-10", "north,2026-02-11", "south,2026-02-10", "south,2026-02-11"], lines.Skip(1).Select(line => string.Join(',', line.Split(',').Take(2))));
        Assert.All(lines.Skip(1), line => Assert.True(float.IsFinite(float.Parse(line.Split(',')[2], CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Forecast_ConstantSeries_SaysThatNothingIsWithoutError() => _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(60, value: _ => "5")))
        .Succeeds("it was without error, as was");

    [Fact]
    public void Code_DaysWithoutASeason_HaveAWindowOfThreeWeeks()
    {
        var random = new Random(1);
        string path = _tool.Write("data.csv", CommandLine.Days(90, value: _ => CommandLine.Plain(random.NextSingle())));

        CommandLine.Run("code forecast {0} --horizon 5 --output {1}", path, _tool["code"]).Succeeds("No season.", "from the last 21.");
    }

    [Fact]
    public void Forecast_CovariatesOfAllKinds_AreUsed()
    {
        const string Roles = "--group Shop --target Sales --past Rain Weather --future Holiday Event --static District";
        string path = Shops();
        _tool.Forecast(path, Roles).Succeeds("past covariate", "future covariate", "static covariate");
        string first = File.ReadAllText(_tool["out/forecast.csv"]);
        // What is known of the future moves the forecast; what comes after the last value in a column of the past cannot.
        string changed = File.ReadAllText(path).Replace("2026-02-11,,,cloud,0,none", "2026-02-11,,,cloud,1,fair", StringComparison.Ordinal);
        _tool.Forecast(_tool.Write("changed.csv", changed), $"{Roles} --force").Succeeds();
        Assert.NotEqual(first, File.ReadAllText(_tool["out/forecast.csv"]));
    }

    [Fact]
    public void Forecast_FutureRowsMissing_NamesFuture()
    {
        string path = Shops(rows: 40);
        _tool.Forecast(path, "--group Shop --target Sales --future Holiday").Fails("'Holiday'", "--future");
    }

    [Fact]
    public void Forecast_SeveralTargets_HasALineForEach()
    {
        _tool.Forecast(Shops(), "--group Shop --target Sales Rain").Succeeds();
        Assert.Equal(9, File.ReadAllLines(_tool["out/forecast.csv"]).Length);
    }

    [Fact]
    public void Predict_SameFile_ForecastsTheSame()
    {
        string path = Shops();
        _tool.Forecast(path, "--group Shop --target Sales --past Rain Weather --future Holiday Event --static District").Succeeds();
        CommandLine.Run("predict {0} {1} --output {2}", _tool["out/model.zip"], path, _tool["again"]).Succeeds();
        Assert.Equal(File.ReadAllText(_tool["out/forecast.csv"]), File.ReadAllText(_tool["again/forecast.csv"]));
    }

    [Fact]
    public void Predict_ColumnMissing_NamesIt()
    {
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40))).Succeeds();
        CommandLine.Run("predict {0} {1} --output {2}", _tool["out/model.zip"], _tool.Write("other.csv", CommandLine.Days(40).Replace("Sales", "Price", StringComparison.Ordinal)), _tool["again"]).Fails("'Sales'", "'Price'");
    }

    [Fact]
    public void Predict_NoModel_SaysSo()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(40));
        CommandLine.Run("predict {0} {1} --output {2}", path, path, _tool["again"]).Fails("data.csv", "no model");
        CommandLine.Run("predict {0} {1} --output {2}", _tool["none.zip"], path, _tool["again"]).Fails("none.zip");
    }

    [Fact]
    public void Backtest_Rows_AreWritten()
    {
        CommandLine.Run($"backtest {{0}} --output {{1}} {CommandLine.Quick} --origins 3", _tool.Write("data.csv", CommandLine.Days(60)), _tool["out"]).Succeeds("MAE", "Persistence");
        Assert.Equal(1 + (3 * 2), File.ReadAllLines(_tool["out/backtest.csv"]).Length);
    }

    [Fact]
    public void Inspect_Forecaster_SaysWhatItIs()
    {
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40))).Succeeds();
        CommandLine.Run("inspect {0}", _tool["out/model.zip"]).Succeeds("Sales", "2 rows from the last 4", "loss");
        Assert.True(CommandLine.Run("inspect {0} --json", _tool["out/model.zip"]).Succeeds().Json().GetProperty("parts").GetArrayLength() > 0);
    }

    [Fact]
    public void Export_Forecaster_WritesOnnx()
    {
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40))).Succeeds();
        CommandLine.Run("export onnx {0}", _tool["out/model.zip"]).Succeeds("Written");
        Assert.True(new FileInfo(_tool["out/model.onnx"]).Length > 1000);
        CommandLine.Run("export onnx {0}", _tool["out/model.zip"]).Fails("--force");
    }
}
