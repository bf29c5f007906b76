using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>Models that are evaluated, explained and trained.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Forecast_Report_HasDataErrorsAndCommand()
    {
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(60))).Succeeds("report.html");
        string page = File.ReadAllText(_tool["out/report.html"]);
        foreach (string words in (string[])["Forecast of Sales", "<h2", "data.csv", "Persistence", "Splits", "Do it again", "lstm forecast", "--epochs 1"])
            Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_SavedForecaster_IsShownBesideBaselines()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(60));
        _tool.Forecast(path).Succeeds();
        CommandLine.Run("evaluate {0} {1}", _tool["out/model.zip"], path).Succeeds("MAE", "Persistence");
        JsonElement json = CommandLine.Run("evaluate {0} {1} --json", _tool["out/model.zip"], path).Succeeds().Json();
        Assert.True(json.GetProperty("errors").GetProperty("meanAbsoluteError").GetDouble() > 0);
        Assert.True(json.GetProperty("forecasts").GetInt64() > 50);
    }

    [Fact]
    public void Evaluate_SeveralTargets_AreEachAsAlone()
    {
        string text = string.Concat(Enumerable.Range(0, 60)
            .Select(i => $"{CommandLine.Day(new DateTime(2026, 1, 1).AddDays(i))},{CommandLine.Plain(CommandLine.Wave(i))},{CommandLine.Plain(2 * CommandLine.Wave(i + 3))}\n"));
        string path = _tool.Write("data.csv", "Date,Sales,Visits\n" + text);
        _tool.Forecast(path, "--target Sales Visits").Succeeds();
        CommandLine.Run("evaluate {0} {1}", _tool["out/model.zip"], path).Succeeds("Sales:", "Visits:", "Persistence");
        JsonElement[] targets = [.. CommandLine.Run("evaluate {0} {1} --json", _tool["out/model.zip"], path).Succeeds().Json()
            .GetProperty("targets").EnumerateArray()];
        Assert.Equal(["Sales", "Visits"], targets.Select(one => one.GetProperty("target").GetString()));
        // Persistence needs no network, so its error tells that each target was compared with its own values.
        Assert.Equal(2, Persistence(targets[1]) / Persistence(targets[0]), 0.2);

        static double Persistence(JsonElement one) =>
            one.GetProperty("baselines").GetProperty("Persistence").GetProperty("meanAbsoluteError").GetDouble();
    }

    [Fact]
    public void Explain_SavedForecaster_ContributionsSumToTheForecast()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(60));
        _tool.Forecast(path).Succeeds();
        CommandLine.Run("explain {0} {1}", _tool["out/model.zip"], path).Succeeds("Sales", "The next forecast");
        JsonElement json = CommandLine.Run("explain {0} {1} --json --step 1", _tool["out/model.zip"], path).Succeeds().Json();
        double sum = json.GetProperty("contributions").EnumerateArray().Sum(one => one.GetProperty("value").GetDouble());
        double forecast = json.GetProperty("forecast").GetDouble();
        Assert.Equal(forecast, json.GetProperty("level").GetDouble() + json.GetProperty("base").GetDouble() + sum + json.GetProperty("remainder").GetDouble(), 1e-3 * Math.Abs(forecast));
        float written = float.Parse(File.ReadAllLines(_tool["out/forecast.csv"])[1].Split(',')[1], CultureInfo.InvariantCulture);
        Assert.Equal(written, forecast, 1e-4 * written);
        CommandLine.Run("explain {0} {1} --step 9", _tool["out/model.zip"], path).Fails("--step is 9");
        CommandLine.Run("explain {0} {1} --series north", _tool["out/model.zip"], path).Fails("--series is 'north'");
    }

    [Fact]
    public void Detect_OneRowFarOff_IsFound()
    {
        // A detector needs rows enough to know its residuals: of 600, a fifth is held out for them. The last but some is far off.
        string path = _tool.Write("data.csv", CommandLine.Days(600).Replace("2027-08-15,", "2027-08-15,9", StringComparison.Ordinal));
        CommandLine.Run("detect {0} --output {1} --epochs 3 --hidden 4 --window 7 --confidence 0.99", path, _tool["out"]).Succeeds("standard deviations off");
        string[] lines = File.ReadAllLines(_tool["out/anomalies.csv"]);
        Assert.Equal("Row,Date,Sales,Expected,Lower,Upper,Score,PValue", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("592,2027-08-15,9", StringComparison.Ordinal));
        CommandLine.Run("detect {0} --output {1} --force --confidence 2", path, _tool["out"]).Fails("--confidence is 2");
        string help = CommandLine.Run("detect --help").Succeeds("--window").Output;
        Assert.DoesNotContain("--horizon", help, StringComparison.Ordinal);
        Assert.DoesNotContain("--level", help, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainRegress_SumOfARow_IsLearned()
    {
        string text = "a,b,c,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 3},{i % 5},{i % 7},{(i % 3) + (i % 5) + (i % 7)}\n")));
        JsonElement json = CommandLine.Run("train regress {0} --label y --output {1} --epochs 40 --hidden 16 --json", _tool.Write("rows.csv", text), _tool["out"]).Succeeds().Json();
        Assert.True(json.GetProperty("metrics").GetProperty("R²").GetDouble() > 0.5);
        CommandLine.Run("inspect {0}", _tool["out/model.zip"]).Succeeds("loss");
        CommandLine.Run("predict {0} {1} --output {2}", _tool["out/model.zip"], _tool.Write("new.csv", "c,b,a\n6,4,2\n0,0,0\n"), _tool["out"]).Succeeds("2 rows");
        float[] predicted = [.. File.ReadAllLines(_tool["out/predictions.csv"]).Skip(1).Select(line => float.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
        Assert.True(predicted[0] > predicted[1] + 4, $"{predicted[0]}, {predicted[1]}");
        CommandLine.Run("predict {0} {1} --output {2} --force", _tool["out/model.zip"], _tool.Write("less.csv", "c,b\n6,4\n0,0\n"), _tool["out"]).Fails("'a'");
        CommandLine.Run("train regress {0} --label z --output {1} --force", _tool["rows.csv"], _tool["out"]).Fails("--label is 'z'");
        CommandLine.Run("train regress {0} --label y --output {1}", _tool["rows.csv"], _tool["out"]).Fails("--force");
    }

    [Theory]
    [InlineData("words")]
    [InlineData("characters")]
    public void TrainClassify_Text_IsLearned(string tokens)
    {
        string text = "text,kind\n" + string.Concat(Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? $"a good day number {i},fair\n" : $"a bad night number {i},foul\n"));
        JsonElement json = CommandLine.Run("train classify {0} --label kind --text text --tokens {1} --output {2} --epochs 10 --hidden 16 --json", _tool.Write("rows.csv", text), tokens, _tool["out"]).Succeeds().Json();
        Assert.True(json.GetProperty("metrics").GetProperty("accuracy").GetDouble() > 0.9);
        CommandLine.Run("predict {0} {1} --output {2}", _tool["out/model.zip"], _tool.Write("new.csv", "text\na good day number 7\na bad night number 8\n"), _tool["out"]).Succeeds("2 rows");
        Assert.Equal(["Prediction", "fair", "foul"], File.ReadAllLines(_tool["out/predictions.csv"]).Select(line => line.Split(',')[1]));
    }

    [Fact]
    public void TrainRegress_LabelOfTexts_NamesClassify() =>
        CommandLine.Run("train regress {0} --label kind --output {1}", _tool.Write("rows.csv", "a,kind\n1,x\n2,y\n"), _tool["out"]).Fails("--label is 'kind'", "lstm train classify");

    [Fact]
    public void TrainLanguage_Text_GeneratesAfterwards()
    {
        string text = string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 60));
        CommandLine.Run("train language {0} --output {1} --epochs 3 --hidden 16", _tool.Write("text.txt", text), _tool["out"]).Succeeds("perplexity");
        JsonElement json = CommandLine.Run("generate {0} --prompt the --length 20 --json", _tool["out/model.zip"]).Succeeds().Json();
        Assert.Equal(20, json.GetProperty("text").GetString()!.Length);
        CommandLine.Run("train language {0} --output {1}", _tool.Write("one.txt", "one"), _tool["other"]).Fails("--test-fraction");
    }
}
