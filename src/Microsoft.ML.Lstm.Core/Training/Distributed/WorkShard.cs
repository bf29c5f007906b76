using System.Globalization;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>
/// One of several equal shares of work whose pieces do not depend on each other: scoring, backtests. Each share is contiguous, so the outputs, one after the
/// other by index, are those of one process.
/// </summary>
/// <example><code>
/// string[] series = ["A", "B", "C"];
/// (int start, int end) = WorkShard.FromEnvironment().Range(series.Length);
/// string[] mine = series[start..end];
/// </code></example>
public readonly record struct WorkShard
{
    // The rank and the number of processes, as launchers tell them: Open MPI; MPICH, Intel MPI, MS-MPI and Slurm's pmi2; Slurm's pmix.
    private static readonly (string Index, string Count)[] s_launchers =
        [("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"), ("PMIX_RANK", "SLURM_STEP_NUM_TASKS")];

    // Slurm's steps and arrays; and a Kubernetes indexed Job, which does not tell its number of completions: the manifest does, in a variable of its own.
    private static readonly (string Index, string Count)[] s_schedulers =
        [("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"), ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"), ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS")];

    /// <summary>Creates a share.</summary>
    /// <exception cref="ArgumentException">The index is not one of the count's, or the count is below 1.</exception>
    public WorkShard(int index, int count)
    {
        Require(count > 0, nameof(Count), count, "1 or more");
        Require(index >= 0 && index < count, nameof(Index), index, $"0 to {count - 1}");
        (Index, Count) = (index, count);
    }

    /// <summary>All the work.</summary>
    public static WorkShard All { get; } = new(0, 1);

    /// <summary>Which share, from 0.</summary>
    public int Index { get; }

    /// <summary>How many shares there are.</summary>
    public int Count { get; }

    /// <summary>Reads <c>i/n</c>, i from 0 to n − 1.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static WorkShard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] sides = text.Split('/');
        return sides.Length == 2 && TryParse(sides[0], out int index) && TryParse(sides[1], out int count) && index < count
            ? new WorkShard(index, count)
            : throw new FormatException(Invariant($"The shard is '{text}'; expected i/n, i from 0 to n − 1, such as 0/4."));
    }

    /// <summary>
    /// The share of this process: its rank where an MPI launcher or Slurm has started it, its task in a Slurm array from 0 on, its completion index in a
    /// Kubernetes indexed Job whose manifest sets <c>JOB_COMPLETIONS</c>; all the work otherwise.
    /// </summary>
    public static WorkShard FromEnvironment() => FromEnvironment(Environment.GetEnvironmentVariable);

    /// <summary>Where the share's pieces begin and end, of so many in all.</summary>
    public (int Start, int End) Range(int pieces)
    {
        (long start, long end) = Range((long)pieces);
        return ((int)start, (int)end);
    }

    /// <inheritdoc cref="Range(int)"/>
    internal (long Start, long End) Range(long pieces)
    {
        int count = Math.Max(Count, 1);
        return (pieces * Index / count, pieces * (Index + 1) / count);
    }

    /// <summary><c>i/n</c>.</summary>
    public override string ToString() => Invariant($"{Index}/{Count}");

    /// <summary>The rank that an MPI launcher has given this process; null: none has started it.</summary>
    public static WorkShard? FromLauncher() => Of(s_launchers, Environment.GetEnvironmentVariable);

    /// <inheritdoc cref="FromEnvironment()"/>
    internal static WorkShard FromEnvironment(Func<string, string?> environment) => Of(s_launchers, environment) ?? Of(s_schedulers, environment) ?? All;

    private static WorkShard? Of((string Index, string Count)[] names, Func<string, string?> environment)
    {
        foreach ((string rank, string size) in names)
            if (TryParse(environment(rank), out int index) && TryParse(environment(size), out int count) && index < count)
                return new WorkShard(index, count);
        return null;
    }

    private static bool TryParse(string? text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
