using System.CommandLine;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>A command line as it was given, to be given again.</summary>
internal static class CommandText
{
    /// <summary>The line, with quotes around what a shell would take apart.</summary>
    public static string Of(ParseResult parsed) =>
        $"lstm {string.Join(' ', parsed.Tokens.Select(token => token.Value.Length == 0 || token.Value.Any(c => !char.IsLetterOrDigit(c) && c is not ('.' or '-' or '_' or '/')) ? $"'{token.Value.Replace("'", "'\\''")}'" : token.Value))}";
}
