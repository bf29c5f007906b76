using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>Taggers at the command line: of rows that are steps, and of texts.</summary>
public sealed class TagTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void TrainTag_RowsOfWords_AreLearnedAndPredictedInTheOrderOfTheFile()
    {
        JsonElement json = CommandLine.Run("train tag {0} --group sentence --label tag --output {1} --epochs 15 --hidden 16 --json",
            _tool.Write("steps.csv", Steps(150)), _tool["out"]).Succeeds().Json();
        Assert.True(json.GetProperty("metrics").GetProperty("entity F1").GetDouble() > 0.9);
        string page = File.ReadAllText(_tool["out/report.html"]);
        foreach (string words in (string[])["Confusion matrix", "Entities", "NAME", "Splits", "Do it again", "lstm train tag",
            "Training and findings", "steps.csv"])
            Assert.Contains(words, page, StringComparison.Ordinal);

        // Two sentences whose rows alternate, and a column whose name is written otherwise.
        string path = _tool.Write("new.csv", "SENTENCE,word\n7,ask\n8,see\n7,Ada\n8,Bo\n7,now\n");
        CommandLine.Run("predict {0} {1} --output {2}", _tool["out/model.zip"], path, _tool["out"]).Succeeds("5 rows");
        Assert.Equal(["Prediction", "O", "O", "B-NAME", "B-NAME", "O"],
            File.ReadAllLines(_tool["out/predictions.csv"]).Select(line => line.Split(',')[1]));
        CommandLine.Run("predict {0} {1} --output {2} --force", _tool["out/model.zip"], _tool.Write("less.csv", "word\nask\n"),
            _tool["out"]).Fails("'sentence'");
        CommandLine.Run("inspect {0}", _tool["out/model.zip"]).Succeeds("Tagging");
    }

    [Fact]
    public void TrainTag_StepsOutOfOrder_AreReadInTheOrderOfTime()
    {
        string ordered = _tool.Write("ordered.csv", Steps(30));
        string[] lines = File.ReadAllLines(ordered);
        string shuffled = _tool.Write("shuffled.csv",
            string.Join('\n', lines.Skip(1).GroupBy(line => line.Split(',')[0]).SelectMany(group => group.Reverse()).Prepend(lines[0])));
        byte[][] models = [.. ((string[])[ordered, shuffled]).Select(path =>
        {
            CommandLine.Run("train tag {0} --group sentence --label tag --time at --features x y --output {1} --epochs 1 --hidden 4 --force", path, _tool["out"]).Succeeds("in the order of 'at'");
            CommandLine.Run("export safetensors {0} --output {1} --force", _tool["out/model.zip"], _tool["out/weights.safetensors"])
                .Succeeds();
            return File.ReadAllBytes(_tool["out/weights.safetensors"]);
        })];
        Assert.Equal(models[0], models[1]);
    }

    [Fact]
    public void TrainTag_Texts_AreLearned()
    {
        JsonElement json = CommandLine.Run("train tag {0} --text text --label tags --output {1} --epochs 15 --hidden 16 --json",
            _tool.Write("texts.csv", Texts(150)), _tool["out"]).Succeeds().Json();
        Assert.True(json.GetProperty("metrics").GetProperty("accuracy").GetDouble() > 0.9);
        CommandLine.Run("predict {0} {1} --output {2}", _tool["out/model.zip"], _tool.Write("new.csv", "text\nask Ada now\n"),
            _tool["out"]).Succeeds("1 rows");
        Assert.Equal("1,O B-NAME O", File.ReadAllLines(_tool["out/predictions.csv"])[1]);
    }

    [Theory]
    [InlineData("--label tag", "--group", "--text")]
    [InlineData("--label tag --group none", "--group is 'none'", "'sentence'")]
    [InlineData("--label tag --text word --features x --group sentence", "--text and --features", "expected one of them")]
    [InlineData("--label tag --features x", "--features was given without --group", "sequences")]
    [InlineData("--label tag --time at", "--time is 'at'", "--group")]
    [InlineData("--label tag --group sentence --time word", "--time is 'word'", "--date-format")]
    [InlineData("--label tag --group sentence --text tag", "'tag' was given twice", "--label")]
    [InlineData("--label tag --group sentence --features word", "--features has 'word'", "--text")]
    public void TrainTag_FlagsThatDoNotFit_NameTheFlagThatHelps(string flags, params string[] words)
    {
        // Another column of texts, so that the words are not told by being the only one.
        string steps = string.Join('\n', Steps(3).TrimEnd().Split('\n').Select((line, i) => i == 0 ? $"{line},note" : $"{line},n"));
        CommandLine.Run($"train tag {{0}} {flags} --output {{1}}", _tool.Write("steps.csv", steps), _tool["out"]).Fails(words);
    }

    [Fact]
    public void TrainTag_TagsFewerThanWords_NamesBoth() =>
        CommandLine.Run("train tag {0} --text text --label tags --output {1}", _tool.Write("texts.csv", Texts(10) + "ask Ada now,O O\n"),
            _tool["out"]).Fails("Label__key", "expected");

    [Fact]
    public void TrainTag_OneSequence_NamesGroup() =>
        CommandLine.Run("train tag {0} --group sentence --label tag --output {1}", _tool.Write("steps.csv", Steps(1)), _tool["out"])
            .Fails("1 sequence", "--group");

    /// <summary>Rows that are steps: sentences of three words, of which the middle is a name, with its place and two values that tell it
    /// as well.</summary>
    internal static string Steps(int sentences) => "sentence,at,word,tag,x,y\n"
        + string.Concat(Enumerable.Range(0, sentences).SelectMany(i => Sentence(i).Select((word, step) =>
        string.Create(CultureInfo.InvariantCulture, $"{i},{step},{word.Word},{word.Tag},{step},{(word.Tag == "O" ? 0 : 1)}\n"))));

    /// <summary>The same sentences as texts.</summary>
    internal static string Texts(int sentences) => "text,tags\n" + string.Concat(Enumerable.Range(0, sentences).Select(i =>
        $"{string.Join(' ', Sentence(i).Select(word => word.Word))},{string.Join(' ', Sentence(i).Select(word => word.Tag))}\n"));

    private static (string Word, string Tag)[] Sentence(int i) =>
        [(i % 2 == 0 ? "ask" : "see", "O"), (i % 3 == 0 ? "Ada" : "Bo", "B-NAME"), ("now", "O")];
}
