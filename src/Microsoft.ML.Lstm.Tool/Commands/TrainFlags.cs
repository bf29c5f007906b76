using System.CommandLine;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary>The flags of every training.</summary>
internal sealed class TrainFlags
{
    private readonly Option<string> _output = new("--output")
    {
        Description = $"Folder for {TrainOptions.Model} and {TrainOptions.Report}.",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace files that are there." };
    private readonly Option<int> _epochs = new("--epochs") { Description = "Passes over the data; training ends early when it no longer improves.", DefaultValueFactory = _ => 20 };
    private readonly Option<int> _hidden = new("--hidden") { Description = "Units of the network.", DefaultValueFactory = _ => 64 };
    private readonly Option<int> _seed = new("--seed") { Description = "Random seed: same seed, same model.", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _test = new("--test-fraction") { Description = "Fraction of the rows to hold out for the metrics.", DefaultValueFactory = _ => 0.2 };
    private readonly Option<string?> _code = new("--code")
    {
        Description = "Folder for a C# project that trains the same model and predicts with it.",
    };

    private Argument<string>? _path;

    /// <summary>Adds them to a command that trains.</summary>
    public void AddTo(Command command, string what)
    {
        foreach (Option option in (Option[])[_output, _force, _code])
            command.Options.Add(option);
        AddSettingsTo(command, what);
    }

    /// <summary>Adds those that say what to train and how, and not where to write it.</summary>
    public void AddSettingsTo(Command command, string what)
    {
        command.Arguments.Add(_path = new Argument<string>("data") { Description = what });
        foreach (Option option in (Option[])[_epochs, _hidden, _seed, _test])
            command.Options.Add(option);
    }

    /// <summary>What was said.</summary>
    /// <exception cref="ToolException">A flag is out of its range.</exception>
    public TrainOptions Read(ParseResult parsed) =>
        ReadSettings(parsed, parsed.GetValue(_output)!) with { Force = parsed.GetValue(_force), Code = parsed.GetValue(_code) };

    /// <summary>What was said of what to train and how.</summary>
    /// <exception cref="ToolException">A flag is out of its range.</exception>
    public TrainOptions ReadSettings(ParseResult parsed, string output) =>
        new(parsed.GetValue(_path!)!, output, false, Positive(parsed.GetValue(_epochs), "--epochs"),
        Positive(parsed.GetValue(_hidden), "--hidden"), parsed.GetValue(_seed), parsed.GetValue(_test) is > 0 and < 1 and var fraction ? fraction
            : throw new ToolException(FormattableString.Invariant($"--test-fraction is {parsed.GetValue(_test)}; expected more than 0 and less than 1, such as 0.2.")), null);

    private static int Positive(int value, string flag) => value > 0 ? value : throw new ToolException(FormattableString.Invariant($"{flag} is {value}; expected 1 or more."));
}
