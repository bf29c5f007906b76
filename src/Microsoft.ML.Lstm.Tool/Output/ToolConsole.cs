using System.Text.Json;
using Spectre.Console;

namespace Microsoft.ML.Lstm.Tool.Output;

/// <summary>
/// Where a command speaks: results to the standard output, how it goes and what is wrong to the standard error, so that either can be piped. Where the terminal is none there are no
/// colours and no moving bars. With <c>--json</c> the standard output is one JSON object.
/// </summary>
internal sealed class ToolConsole(bool isJson, TextWriter output, TextWriter error)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Whether the result is to be JSON.</summary>
    public bool IsJson { get; } = isJson;

    /// <summary>A console of results for people.</summary>
    public IAnsiConsole Results { get; } = Create(isJson ? TextWriter.Null : output, Console.IsOutputRedirected);

    /// <summary>A console of how it goes.</summary>
    public IAnsiConsole Progress { get; } = Create(error, Console.IsErrorRedirected);

    /// <summary>Says something of a result, to people.</summary>
    public void Say(string line) => Results.WriteLine(line);

    /// <summary>Gives the result to programs.</summary>
    public void WriteJson(object result)
    {
        if (IsJson)
            output.WriteLine(JsonSerializer.Serialize(result, s_json));
    }

    /// <summary>Says what is wrong.</summary>
    public void Fail(string message) => error.WriteLine(message);

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
            console.Profile.Width = 4096;
        return console;
    }
}
