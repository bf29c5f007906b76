using System.CommandLine;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary>The flags of a search for settings.</summary>
internal sealed class SearchFlags
{
    private readonly Option<double?> _minutes = new("--minutes")
    {
        Description = "Search for the best window, network and training for that many minutes. The same command and --output resume it.",
    };

    private readonly Option<int?> _trials = new("--trials") { Description = "Search by that many trials. Same seed, same result." };

    private readonly Option<int?> _folds = new("--folds")
    {
        Description = "Judge each trial on that many folds of time before the test, trained for each. Default: 1.",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_minutes);
        command.Options.Add(_trials);
        command.Options.Add(_folds);
    }

    /// <summary>What was said; null: no search.</summary>
    public SearchRequest? Read(ParseResult parsed)
    {
        double? minutes = parsed.GetValue(_minutes);
        int? trials = parsed.GetValue(_trials), folds = parsed.GetValue(_folds);
        if (minutes is { } said && !(said > 0 && said <= 40 * 24 * 60))
            throw new ToolException(FormattableString.Invariant($"--minutes is {said}; expected more than 0 and at most 57600."));
        if (trials is < 1 or > 100_000)
            throw new ToolException(FormattableString.Invariant($"--trials is {trials}; expected 1 to 100000."));
        if (folds is < 1 or > 100)
            throw new ToolException(FormattableString.Invariant($"--folds is {folds}; expected 1 to 100."));
        if (folds is not null && minutes is null && trials is null)
            throw new ToolException("--folds is given without a search; expected --minutes or --trials beside it.");
        return minutes is null && trials is null
            ? null
            : new SearchRequest(minutes is { } time ? TimeSpan.FromMinutes(time) : null, trials, folds ?? 1);
    }
}
