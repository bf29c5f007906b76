using System.CommandLine;
using Microsoft.ML.Lstm;

namespace Samples;

/// <summary>What the command line says to every sample, whichever program has it.</summary>
internal sealed class SampleOptions
{
    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "Train only as long as it takes to see that everything works.",
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "Folder with data sets that are too large to come with the samples.",
    };

    private readonly Option<string> _variant = new("--variant") { Description = "Which variant of a sample that has several to run." };
    private readonly Option<string> _output = new("--output")
    {
        Description = "Folder for models and reports.",
        DefaultValueFactory = _ => "out",
    };

    /// <summary>Lets a command read them.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_quick, _data, _variant, _output])
            command.Add(option);
    }

    /// <summary>Runs a sample, which Ctrl-C cancels.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="more">Adds what the program alone knows.</param>
    /// <returns>The exit code.</returns>
    public int Run(ISample sample, ParseResult parsed, Func<SampleContext, SampleContext> more)
    {
        using var interrupted = new CancellationTokenSource();
        ConsoleCancelEventHandler interrupt = (_, key) =>
        {
            key.Cancel = true;
            interrupted.Cancel();
        };
        Console.CancelKeyPress += interrupt;
        try
        {
            string? variant = parsed.GetValue(_variant);
            if (variant is not null && sample.Variants.Any() && !sample.Variants.Contains(variant))
                return Refuse($"--variant is '{variant}'; expected one of {string.Join(", ", sample.Variants)}.");
            var context = new SampleContext(parsed.GetValue(_quick), parsed.GetValue(_data), parsed.GetValue(_output)!, interrupted.Token);
            return sample.Run(more(context with { Variant = variant })) ? 0 : 1;
        }
        catch (Exception e) when (e is FileNotFoundException or TrainingEngineUnavailableException)
        {
            return Refuse(e.Message);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled.");
            return 130;
        }
        finally
        {
            Console.CancelKeyPress -= interrupt;
        }
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}
