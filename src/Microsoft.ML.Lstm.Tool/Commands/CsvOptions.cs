using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary>The flags that say how a file is written.</summary>
internal sealed class CsvOptions
{
    private readonly Option<string?> _separator = new("--separator") { Description = "What stands between fields: a character, or tab. Default: found out." };
    private readonly Option<bool?> _header = new("--header") { Description = "Whether the first row names the columns. Default: found out." };
    private readonly Option<string?> _decimal = new("--decimal") { Description = "What comes before a fraction: . or , Default: found out." };
    private readonly Option<string?> _dateFormat = new("--date-format") { Description = "How times are written, such as \"dd.MM.yyyy HH:mm\". Default: found out." };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_separator);
        command.Options.Add(_header);
        command.Options.Add(_decimal);
        command.Options.Add(_dateFormat);
    }

    /// <summary>What was said.</summary>
    /// <exception cref="ToolException">A flag is not what it may be.</exception>
    public CsvFlags Read(ParseResult parsed)
    {
        string? separator = parsed.GetValue(_separator), point = parsed.GetValue(_decimal);
        return new CsvFlags(
            separator switch
            {
                null => null,
                "tab" or "\\t" => '\t',
                { Length: 1 } => separator[0],
                _ => throw new ToolException($"--separator is '{separator}'; expected one character, or tab."),
            },
            parsed.GetValue(_header),
            point switch
            {
                null => null,
                "." or "," => point[0],
                _ => throw new ToolException($"--decimal is '{point}'; expected . or ,"),
            },
            parsed.GetValue(_dateFormat));
    }
}
