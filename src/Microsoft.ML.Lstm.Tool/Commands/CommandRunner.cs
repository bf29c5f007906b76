using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary>Runs a command: what goes wrong becomes a sentence and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Exit codes: what was asked for was done; it could not be; somebody stopped it.</summary>
    public const int Done = 0, Failed = 1, Stopped = 130;

    private static readonly (string Option, string Flag)[] s_flags =
    [
        ("WindowSize", "--window"), ("Horizon", "--horizon"), ("SeasonLength", "--season"), ("NumberOfEpochs", "--epochs"), ("MissingValues", "--missing"), ("HiddenSizes", "--hidden"),
        ("NumberOfModels", "--models"), ("ConfidenceLevel", "--level"), ("NumberOfOrigins", "--origins"), ("RefitEvery", "--refit-every"), ("Stride", "--stride"),
        ("expected times", "--date-format"),
    ];

    /// <summary>Gives a command its action, and the flags that all commands have.</summary>
    public static void Run(this Command command, Action<ParseResult, ToolConsole, CancellationToken> action)
    {
        var json = new Option<bool>("--json") { Description = "Write the result as one JSON object." };
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var console = new ToolConsole(parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return Guarded(console, () => action(parsed, console, cancellation));
        }, CancellationToken.None));
    }

    private static int Guarded(ToolConsole console, Action action)
    {
        try
        {
            action();
            return Done;
        }
        catch (ToolException e)
        {
            console.Fail(e.Message);
        }
        catch (OperationCanceledException)
        {
            console.Fail("Stopped; nothing was written.");
            return Stopped;
        }
        // What the library refuses it says in sentences that a person can act on.
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException or FormatException or NotSupportedException)
        {
            console.Fail(WithFlags(e.Message));
        }
        return Failed;
    }

    private static string WithFlags(string message)
    {
        string[] flags = [.. s_flags.Where(pair => message.Contains(pair.Option, StringComparison.Ordinal)).Select(pair => pair.Flag)];
        return flags.Length == 0 ? message : $"{message} {string.Join(", ", flags)} {(flags.Length == 1 ? "says" : "say")} otherwise.";
    }
}
