using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Search;

/// <summary>
/// Runs the trainings of a search one after the other, in the order of the <see cref="RungLadder"/>, takes from the folder what is done,
/// and ends with its trials, its time or its patience.
/// </summary>
/// <param name="host">Where it runs.</param>
/// <param name="options">The options, checked.</param>
/// <param name="folder">Where it is kept.</param>
/// <param name="ladder">What comes next.</param>
/// <param name="has">Whether there is a trial of a number.</param>
/// <param name="settingsOf">The settings of a trial.</param>
/// <param name="train">Trains and validates; smaller is better.</param>
internal sealed class SearchRun(
    IHost host, SearchOptions options, SearchFolder folder, RungLadder ladder, Func<int, bool> has,
    Func<int, IReadOnlyDictionary<string, string>> settingsOf, Func<SearchJob, CancellationToken, double> train)
{
    private readonly List<SearchRung> _done = [];

    /// <summary>The trainings, in the order in which they were made.</summary>
    public IReadOnlyList<SearchRung> Trials => _done;

    /// <summary>The training with the best score, of the last of each trial.</summary>
    public SearchRung Best =>
        _done.GroupBy(rung => rung.Trial).Select(rungs => rungs.Last()).OrderBy(rung => rung.Score).ThenBy(rung => rung.Trial).First();

    /// <summary>Searches.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was found.</exception>
    /// <exception cref="InvalidOperationException">All trainings diverged.</exception>
    public SearchEnd Run()
    {
        using IChannel channel = host.Start("Search");
        using IProgressChannel progress = host.StartProgressChannel("Search");
        int begun = 0;
        int? count = options.NumberOfTrials ?? (options.TimeLimit is null ? options.MostNumberOfTrials : null);
        progress.SetHeader(new ProgressHeader(["Score", "Best score"], ["trials"]), entry => entry.SetProgress(0, begun, count ?? double.NaN));
        using var cancellation = new HostCancellation(host, options.CancellationToken);
        using CancellationTokenSource? limit = options.TimeLimit is { } time ? new CancellationTokenSource(time, options.Clock) : null;
        while (ladder.Next(begun, begun < options.MostNumberOfTrials && has(begun)) is var (trial, rung))
        {
            SearchRecord? record = folder.Find(trial, rung);
            bool isNew = record is null;
            record ??= Make(trial, rung, cancellation, limit);
            if (record is null)
                return Ended(cancellation.Token.IsCancellationRequested ? SearchEnd.Cancelled : SearchEnd.TimeLimit);
            begun = Math.Max(begun, trial + 1);
            SearchRung done = Take(trial, rung, record);
            channel.Info(MessageSensitivity.None, Invariant($"Searching: {done}{(isNew ? "" : ", as the folder has it")}."));
            progress.Checkpoint(done.Score, Best.Score, begun);
            options.TrialDone?.Invoke(new SearchProgress(done, Best, begun, count, isNew));
        }
        return Ended(SearchEnd.Completed);
    }

    // Null where it was not begun, or given up.
    private SearchRecord? Make(int trial, int rung, HostCancellation cancellation, CancellationTokenSource? limit)
    {
        cancellation.Look();
        // The first training is brought to its end, so that there is something to give.
        CancellationTokenSource? cut = _done.Count > 0 ? limit : null;
        if (cancellation.Token.IsCancellationRequested || cut is { IsCancellationRequested: true })
            return null;
        SearchRecord? record = Train(folder.JobOf(trial, rung, ladder.Epochs[rung]), cancellation.Token, cut);
        if (record is not null)
            folder.Add(trial, rung, record);
        return record;
    }

    private SearchRung Take(int trial, int rung, SearchRecord record)
    {
        var done = new SearchRung
        {
            Trial = trial,
            Rung = rung,
            Epochs = record.Epochs,
            Score = record.Score ?? double.PositiveInfinity,
            Seconds = record.Seconds,
            Values = settingsOf(trial),
        };
        ladder.Add(trial, rung, done.Score);
        _done.Add(done);
        return done;
    }

    private SearchEnd Ended(SearchEnd end)
    {
        if (_done.Any(rung => double.IsFinite(rung.Score)))
            return end;
        throw end == SearchEnd.Cancelled ? new OperationCanceledException(options.CancellationToken) : new InvalidOperationException(
            Invariant($"All {Plural.Of(_done.Count, "training")} diverged; expected one whose loss stays finite. ")
            + "Lower the learning rates, clip the gradient's norm, or look for extreme values in the data.");
    }

    private SearchRecord? Train(SearchJob job, CancellationToken cancelled, CancellationTokenSource? limit)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancelled, limit?.Token ?? default);
        long began = options.Clock.GetTimestamp();
        double? score;
        try
        {
            score = train(job, linked.Token);
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            return null;
        }
        catch (TrainingDivergedException)
        {
            score = null;
        }
        if (score is { } found && !double.IsFinite(found))
            throw new InvalidOperationException(
                Invariant($"The score of trial {job.Trial} is {found}; expected a finite value, smaller where it is better."));
        SearchFolder.Settle(job);
        return new SearchRecord(EpochsOf(job), score, options.Clock.GetElapsedTime(began).TotalSeconds, settingsOf(job.Trial));
    }

    // Fewer than the rung allows where the training stopped early or diverged.
    private static int EpochsOf(SearchJob job) => File.Exists(job.CheckpointPath) ? Checkpoint.Load(job.CheckpointPath).Progress.Epoch : 0;
}
