using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Code;
using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm code forecast|regress|classify|tag|language</c>: the C# of a training, without training.</summary>
internal static class CodeCommand
{
    public static Command Create() => new("code",
        "Write the C# project that trains the model that another command would, without training.")
    {
        Forecast(), Rows("regress", classify: false), Rows("classify", classify: true), Tag(), Language(),
    };

    private static Command Forecast()
    {
        var series = new SeriesOptions();
        var command = new Command("forecast", "The project of lstm forecast.");
        series.AddTo(command);
        Project(command, ForecastCode.Name, (parsed, console, _, cancellation) =>
            new ForecastCode(new SeriesRun(console, series.Read(parsed), cancellation)).Project());
        return command;
    }

    private static Command Rows(string name, bool classify)
    {
        var options = new TrainFlags();
        var columns = new SequenceFlags();
        var command = new Command(name, $"The project of lstm train {name}.");
        options.AddSettingsTo(command, "The CSV: a row for each sequence.");
        columns.AddTo(command);
        Project(command, SequenceCode.NameOf(classify), (parsed, _, to, _) =>
        {
            TrainOptions train = options.ReadSettings(parsed, to);
            (SequenceColumns sequence, Tables.CsvDialect dialect, _) = columns.Read(parsed, train.Path, classify);
            return new SequenceCode(train, sequence, dialect, classify).Project();
        });
        return command;
    }

    private static Command Tag()
    {
        var options = new TrainFlags();
        var flags = new TagFlags();
        var command = new Command("tag", "The project of lstm train tag.");
        options.AddSettingsTo(command, "The CSV: a row for each step, or for each text.");
        flags.AddTo(command);
        Project(command, TagCode.Name, (parsed, _, to, _) =>
        {
            TrainOptions train = options.ReadSettings(parsed, to);
            (TagColumns columns, Tables.CsvDialect dialect, _) = flags.Read(parsed, train.Path);
            return new TagCode(train, columns, dialect).Project();
        });
        return command;
    }

    private static Command Language()
    {
        var options = new TrainFlags();
        Option<bool> words = LanguageTraining.Words();
        var command = new Command("language", "The project of lstm train language.") { words };
        options.AddSettingsTo(command, "The text.");
        Project(command, LanguageCode.Name, (parsed, _, to, _) =>
        {
            TrainOptions train = options.ReadSettings(parsed, to);
            TextLine.Read(train.Path);
            return LanguageCode.Project(train, parsed.GetValue(words));
        });
        return command;
    }

    private static void Project(
        Command command, string name, Func<ParseResult, ToolConsole, string, CancellationToken, GeneratedProject> create)
    {
        var output = new Option<string>("--output") { Description = "Folder for the project.", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Replace files that are there." };
        command.Options.Add(output);
        command.Options.Add(force);
        command.Run((parsed, console, cancellation) =>
        {
            string to = parsed.GetValue(output)!;
            var folder = new CodeFolder(to, parsed.GetValue(force), name);
            folder.Write(create(parsed, console, to, cancellation));
            console.Say($"Written: a project in {to}. dotnet run -c Release in it trains, tests and predicts.");
            console.WriteJson(new { Code = to });
        });
    }
}
