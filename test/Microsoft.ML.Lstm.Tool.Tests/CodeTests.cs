using System.Globalization;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>The projects that the tool writes: they compile without a warning, train, and predict to the same digits as the tool
/// does.</summary>
public sealed class CodeTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("--group Shop --past Rain --future Holiday --static Region")]
    [InlineData("--group Shop --target Sales Rain")]
    [InlineData("--group Shop --missing FillLast")]
    public void Forecast_SeveralSeriesAndCovariates_ProjectForecastsTheSame(string flags)
    {
        // Semicolons, decimal commas, quotes in names: read as the tool has read them.
        string rows = string.Concat(from shop in (string[])["no\"rth", "south"]
                                    from i in Enumerable.Range(0, 42)
                                    select $"\"{shop.Replace("\"", "\"\"")}\";{CommandLine.Day(new DateTime(2026, 1, 1).AddDays(i))};{(i < 40 ? Comma(CommandLine.Wave(i)) : "")};{(i < 40 ? Comma(i % 3) : "")};{(i % 7 == 0 ? "yes" : "no")};{shop[0]}\n");
        Same(_tool.Write("data.csv", "Shop;Date;Sales;Rain;Holiday;Region\n" + rows),
            flags.Contains("--target", StringComparison.Ordinal) ? flags : $"{flags} --target Sales");
    }

    [Fact]
    public void Forecast_NoTimes_ProjectForecastsTheSame() =>
        Same(_tool.Write("data.csv", "x y\n" + string.Concat(Enumerable.Range(0, 60)
            .Select(i => CommandLine.Plain(CommandLine.Wave(i)) + "\n"))), "");

    [Theory]
    [InlineData("regress", "--label y")]
    [InlineData("classify", "--label kind --features a b c")]
    [InlineData("classify", "--label kind --text note")]
    public void Train_Rows_ProjectPredictsTheSame(string task, string flags)
    {
        string path = _tool.Write("rows.csv", "a,b,c,y,kind,note\n" + string.Concat(Enumerable.Range(0, 80).Select(i =>
            string.Create(CultureInfo.InvariantCulture,
                $"{i % 3},{i % 5},{i % 7},{(i % 3) + (i % 5)},\"k,{i % 2}\",{(i % 2 == 0 ? "a good day" : "a bad night")}\n"))));
        SamePredictions(task, path, $"{flags} --epochs 2 --hidden 4");
    }

    [Theory]
    [InlineData("--group sentence --label tag")]
    [InlineData("--group sentence --label tag --time at --features x y")]
    public void TrainTag_RowsAreSteps_ProjectPredictsTheSame(string flags) =>
        SamePredictions("tag", _tool.Write("steps.csv", TagTests.Steps(40)), $"{flags} --epochs 2 --hidden 4");

    [Fact]
    public void TrainTag_Texts_ProjectPredictsTheSame() =>
        SamePredictions("tag", _tool.Write("texts.csv", TagTests.Texts(40)), "--text text --label tags --epochs 2 --hidden 4");

    [Fact]
    public void TrainLanguage_Text_ProjectWritesTheSame()
    {
        string path = _tool.Write("text.txt", string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 40)));
        CommandLine.Run("train language {0} --output {1} --code {2} --epochs 1 --hidden 4 --words", path, _tool["out"],
            _tool["code"]).Succeeds("a project in");
        string text = CommandLine.Run("generate {0} --prompt the --length 200", _tool["out/model.zip"]).Succeeds().Output;
        Assert.Equal(text, GeneratedProgram.Run(_tool["code"], path, "the"));
    }

    [Theory]
    [InlineData("forecast {0} --horizon 2 --window 4", "Forecast")]
    [InlineData("classify {1} --label kind", "Classify")]
    [InlineData("regress {1} --label a", "Regress")]
    [InlineData("tag {2} --group sentence --label tag", "Tag")]
    [InlineData("language {0}", "Language")]
    public void Code_EveryTask_IsWhatTrainingWrites(string task, string name)
    {
        string days = _tool.Write("days.csv", CommandLine.Days(40)), rows = _tool.Write("rows.csv", "a,b,kind\n1,2,x\n2,3,y\n"),
            steps = _tool.Write("steps.csv", TagTests.Steps(3));
        CommandLine.Run($"code {task} --output {{3}}", days, rows, steps, _tool["code"]).Succeeds("a project in");
        Assert.Equal(((string[])[$"{name}.csproj", "Model.cs", "Program.cs", "README.md", "Rows.cs"]).Order(StringComparer.Ordinal),
            Directory.GetFiles(_tool["code"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        CommandLine.Run($"code {task} --output {{3}}", days, rows, steps, _tool["code"]).Fails("--force", "--output");
    }

    private void Same(string path, string flags)
    {
        _tool.Forecast(path, $"{flags} --code {_tool["code"]}").Succeeds("a project in");
        Assert.Equal(File.ReadAllText(_tool["out/forecast.csv"]), GeneratedProgram.Run(_tool["code"]));
    }

    private void SamePredictions(string task, string path, string flags)
    {
        CommandLine.Run($"train {task} {{0}} --output {{1}} --code {{2}} {flags}", path, _tool["out"], _tool["code"])
            .Succeeds("a project in");
        CommandLine.Run("predict {0} {1} --output {2}", _tool["out/model.zip"], path, _tool["out"]).Succeeds();
        Assert.Equal(File.ReadAllText(_tool["out/predictions.csv"]), GeneratedProgram.Run(_tool["code"]));
    }

    private static string Comma(float value) => CommandLine.Plain(value).Replace('.', ',');
}
