using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>
/// What is said of a command line that cannot be read: what is wrong and which options were expected, in words and without the whole help behind it,
/// which would push the error off the screen.
/// </summary>
internal static partial class UsageErrors
{
    /// <summary>Runs a command, or says why it cannot be read.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="configuration">Where it writes to.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> Run(ParseResult parsed, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        // Without any command the help is the answer.
        if (parsed.Action is not ParseErrorAction action || parsed.Tokens.Count == 0)
            return parsed.InvokeAsync(configuration, cancellationToken);
        action.ShowHelp = false;
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        int code = parsed.Invoke(new InvocationConfiguration { Output = text, Error = text });
        configuration.Error.WriteLine(NamedTypes().Replace(text.ToString().Trim(), InWords));
        string command = "";
        for (CommandResult? result = parsed.CommandResult; result is { Command: not RootCommand }; result = result.Parent as CommandResult)
            command = $" {result.Command.Name}{command}";
        configuration.Error.WriteLine($"lstm{command} --help says what can be given.");
        return Task.FromResult(code);
    }

    private static string InWords(Match match)
    {
        string type = match.Groups["type"].Value;
        string expected = type.Contains("Int32", StringComparison.Ordinal) || type.Contains("Int64", StringComparison.Ordinal) ? "a whole number"
            : type.Contains("Single", StringComparison.Ordinal) || type.Contains("Double", StringComparison.Ordinal) ? "a number with . before its fraction"
            : type.Contains("Boolean", StringComparison.Ordinal) ? "true or false"
            : "another value";
        return $"{match.Groups["option"].Value} is '{match.Groups["value"].Value}'; expected {expected}.";
    }

    [GeneratedRegex("Cannot parse argument '(?<value>[^']*)' for option '(?<option>[^']*)' as expected type '(?<type>.*?)'\\.")]
    private static partial Regex NamedTypes();
}
