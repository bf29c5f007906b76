using System.CommandLine;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary>
/// <c>--shard i/n</c>: which of n shares of the work, i from 0. Each writes a file of its own, and the header is in that of shard 0
/// alone, so that
/// <c>cat forecast-*.csv</c> is the file that one process would have written.
/// </summary>
internal sealed class ShardOption
{
    private const string FromScheduler = "auto";

    private readonly Option<string?> _shard;

    /// <param name="pieces">What is shared out.</param>
    public ShardOption(string pieces) => _shard = new Option<string?>("--shard")
    {
        Description = $"Which share of the {pieces}: i/n, i from 0; or {FromScheduler}, the task of a Slurm array or the index of a Kubernetes "
            + "Job. Default: the rank under mpirun or srun, else all.",
    };

    /// <summary>Adds it to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_shard);

    /// <summary>What was said, or what an MPI launcher says.</summary>
    /// <exception cref="ToolException">It is no share.</exception>
    public WorkShard Read(ParseResult parsed)
    {
        string? text = parsed.GetValue(_shard);
        if (text is null)
            return WorkShard.FromLauncher() ?? WorkShard.All;
        if (text == FromScheduler)
            return WorkShard.FromEnvironment();
        try
        {
            return WorkShard.Parse(text);
        }
        catch (FormatException)
        {
            throw new ToolException($"--shard is '{text}'; expected i/n, i from 0 to n − 1, such as 0/4, or {FromScheduler}.");
        }
    }

    /// <summary>The file of a share: <c>forecast-00003-of-00016.csv</c>; of all the work, <c>forecast.csv</c>.</summary>
    public static string FileName(string name, WorkShard shard) => shard.Count == 1
        ? name
        : FormattableString.Invariant(
            $"{Path.GetFileNameWithoutExtension(name)}-{shard.Index:D5}-of-{shard.Count:D5}{Path.GetExtension(name)}");

    /// <summary>The lines of a share's file, of all lines of which the first is the header.</summary>
    public static IEnumerable<string> Lines(IEnumerable<string> lines, WorkShard shard) => shard.Index == 0 ? lines : lines.Skip(1);

    /// <summary>Refuses a command that is no set of pieces under a launcher of several processes.</summary>
    /// <exception cref="ToolException">There are several.</exception>
    public static void RequireOneProcess(string command, string instead)
    {
        if (WorkShard.FromLauncher() is { Count: > 1 } process)
            throw new ToolException(
                $"lstm {command} is process {process} of an MPI launcher, and trains one model on all series; expected one process. {instead}");
    }
}
