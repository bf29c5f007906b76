using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>Options of a search for hyperparameters: how long, where it keeps what it has found, who is told.</summary>
public class SearchOptions
{
    private const int MostTrials = 100_000;
    private static readonly TimeSpan s_mostTime = TimeSpan.FromDays(40);

    /// <summary>
    /// Trials, that of the options as they were given among them. Null: as many as <see cref="TimeLimit"/> leaves time for; where that is
    /// null too, 20. A search that is resumed may have more than
    /// before. Range: 1 to 100,000. Default: null.
    /// </summary>
    public int? NumberOfTrials { get; set; }

    /// <summary>
    /// When no further training begins and the one under way is given up, counted from the call; what has been found until then is the
    /// result. The first training of the first trial is always
    /// brought to its end, and fitting the best anew comes on top. A limit only ends a search earlier: trial by trial it is the same
    /// search. Range: more than 0, at most 40 days. Default: null, no limit.
    /// </summary>
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>
    /// Random seed of the settings that are tried, and of the trainings where their options have none. Same seed, same number of trials,
    /// no time limit: the same model to the bit. Null: that of the
    /// search in <see cref="Folder"/>, or drawn from the context. Default: null.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>
    /// Folder where each finished training is written down, with its checkpoint, and each epoch of the one under way: the same search
    /// with the same folder does not train again what is there, and comes
    /// to what it would have come to uninterrupted. Made if it is missing. Null: a temporary one. Default: null.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>Called after each training of a trial, on the thread that searches. Default: null.</summary>
    public Action<SearchProgress>? TrialDone { get; set; }

    /// <summary>
    /// Ends the search, which then gives the best found so far; where nothing has been found yet, <see
    /// cref="OperationCanceledException"/> is thrown. Default: never.
    /// </summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>What tells the time.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    internal int MostNumberOfTrials => NumberOfTrials ?? (TimeLimit is null ? 20 : MostTrials);

    internal virtual void Validate()
    {
        Require(NumberOfTrials is null or (> 0 and <= MostTrials), nameof(NumberOfTrials), NumberOfTrials, $"1 to {MostTrials}, or null");
        Require(TimeLimit is null || (TimeLimit > TimeSpan.Zero && TimeLimit <= s_mostTime), nameof(TimeLimit), TimeLimit,
            "more than 0 and at most 40 days, or null");
        Require(Folder is not "", nameof(Folder), "empty", "the path of a folder, or null");
    }
}
