using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Series;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary>The flags that say which series to forecast, and how.</summary>
internal sealed class SeriesOptions
{
    private readonly Argument<string> _path = new("data") { Description = "The CSV: a row for each step of time." };
    private readonly CsvOptions _csv = new();
    private readonly Option<string?> _time = new("--time") { Description = "Column of times. Default: the first that has any; without one, rows are the steps." };
    private readonly Option<string[]> _targets = Names("--target", "Column to forecast, or several. Default: the only one that has values.");
    private readonly Option<string?> _group = new("--group") { Description = "Column that tells series apart. Default: all rows are one series." };
    private readonly Option<string[]> _past = Names("--past", "Columns that are known of the past alone.");
    private readonly Option<string[]> _future = Names("--future", "Columns that are known of the future too; rows after the last value of the target have them.");
    private readonly Option<string[]> _static = Names("--static", "Columns that stay the same for all rows of a series.");
    private readonly Option<int?> _horizon = new("--horizon") { Description = "Rows to forecast. Default: a season, or 12; at most a tenth of the rows." };
    private readonly Option<int?> _window = new("--window") { Description = "Rows of the past that a forecast reads. Default: three seasons or two horizons, at most a third of the rows." };
    private readonly Option<int?> _season = new("--season") { Description = "Length of the season in rows. Default: found out." };
    private readonly Option<float> _level = new("--level") { Description = "Share of the values that the interval is to cover.", DefaultValueFactory = _ => 0.95f };
    private readonly Option<MissingValues> _missing = new("--missing") { Description = "What to do about missing values." };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "Passes over the data. Default: 20; training ends early when it no longer improves." };
    private readonly Option<int> _hidden = new("--hidden") { Description = "Units of the network.", DefaultValueFactory = _ => 32 };
    private readonly Option<int> _models = new("--models") { Description = "Networks whose forecasts are averaged.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _seed = new("--seed") { Description = "Random seed: same seed, same forecast.", DefaultValueFactory = _ => 1 };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="forecasts">Whether it forecasts: has a horizon, and intervals.</param>
    public void AddTo(Command command, bool forecasts = true)
    {
        command.Arguments.Add(_path);
        Option[] ofForecasts = forecasts ? [_horizon, _level] : [];
        foreach (Option option in (Option[])[_time, _targets, _group, _past, _future, _static, .. ofForecasts, _window, _season,
            _missing, _epochs, _hidden, _models, _seed])
            command.Options.Add(option);
        _csv.AddTo(command);
    }

    /// <summary>What was said.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="forecasts">Whether the command forecasts.</param>
    public SeriesRequest Read(ParseResult parsed, bool forecasts = true) => new()
    {
        Path = parsed.GetValue(_path)!,
        Csv = _csv.Read(parsed),
        Time = parsed.GetValue(_time),
        Targets = parsed.GetValue(_targets) ?? [],
        Group = parsed.GetValue(_group),
        Past = parsed.GetValue(_past) ?? [],
        Future = parsed.GetValue(_future) ?? [],
        Static = parsed.GetValue(_static) ?? [],
        Horizon = forecasts ? Positive(parsed.GetValue(_horizon), "--horizon") : null,
        Window = Positive(parsed.GetValue(_window), "--window"),
        Season = Positive(parsed.GetValue(_season), "--season"),
        Level = !forecasts ? new SeriesRequest { Path = "" }.Level : parsed.GetValue(_level) is > 0 and < 1 and var level ? level
            : throw new ToolException(FormattableString.Invariant($"--level is {parsed.GetValue(_level)}; expected more than 0 and less than 1, such as 0.9.")),
        Missing = parsed.GetValue(_missing),
        Epochs = Positive(parsed.GetValue(_epochs), "--epochs"),
        HiddenSize = Positive(parsed.GetValue(_hidden), "--hidden")!.Value,
        Models = Positive(parsed.GetValue(_models), "--models")!.Value,
        Seed = parsed.GetValue(_seed),
    };

    private static int? Positive(int? value, string flag) =>
        value is null or > 0 ? value : throw new ToolException(FormattableString.Invariant($"{flag} is {value}; expected 1 or more."));

    private static Option<string[]> Names(string name, string description) => new(name) { Description = description, AllowMultipleArgumentsPerToken = true };
}
