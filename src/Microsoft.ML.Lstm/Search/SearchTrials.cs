using Microsoft.ML.Runtime;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Search;

/// <summary>The options of each trial and training, from those that were given.</summary>
internal sealed class SearchTrials<TOptions>
    where TOptions : RecurrentNetworkOptions
{
    private readonly TOptions _given;
    private readonly TrialSampler<TOptions> _sampler;

    /// <param name="host">Draws the random seed if there is none.</param>
    /// <param name="given">The options that are the same for all trials but for what is varied.</param>
    /// <param name="space">What is varied.</param>
    /// <param name="search">The search.</param>
    /// <param name="folder">The folder, whose search may have a seed already.</param>
    /// <exception cref="ArgumentException">An option is given that the search itself says.</exception>
    public SearchTrials(IHost host, TOptions given, HyperparameterSpace<TOptions> space, SearchOptions search, SearchFolder folder)
    {
        Require(given);
        _given = given;
        Seed = search.Seed ?? folder.Seed ?? host.Rand.Next();
        TrainingSeed = given.Seed ?? Seed;
        _sampler = new TrialSampler<TOptions>(space, Seed);
    }

    /// <summary>The random seed of settings.</summary>
    public int Seed { get; }

    /// <summary>The random seed of trainings: the same for all trials, so that they differ by their settings alone.</summary>
    public int TrainingSeed { get; }

    /// <summary>Whether there is a trial of that number.</summary>
    public bool Has(int trial) => _sampler.Has(trial);

    /// <summary>A trial.</summary>
    public SearchTrial Of(int trial) => _sampler.Of(trial);

    /// <summary>The options of a trial.</summary>
    public TOptions OptionsOf(int trial)
    {
        var options = (TOptions)_given.Copy();
        _sampler.Apply(trial, options);
        options.Seed = TrainingSeed;
        return options;
    }

    /// <summary>The options of a training: a run of the whole training that pauses after its epochs.</summary>
    public TOptions OptionsOf(SearchJob job, CancellationToken cancellationToken)
    {
        TOptions options = OptionsOf(job.Trial);
        (options.CheckpointPath, options.ResumeFrom, options.PauseAfterEpochs) = (job.CheckpointPath, job.ResumeFrom, job.Epochs);
        (options.CheckpointEveryEpochs, options.CheckpointEverySteps) = (1, null);
        (options.CancellationToken, options.KeepWeightsOnCancellation, options.Distributed) =
            (cancellationToken, false, Distribution.None);
        return options;
    }

    private static void Require(TOptions given)
    {
        Guard.Require(given.CheckpointPath is null, nameof(given.CheckpointPath), given.CheckpointPath,
            "null: a search keeps checkpoints in its folder");
        Guard.Require(given.ResumeFrom is null, nameof(given.ResumeFrom), given.ResumeFrom, "null: a search resumes from its folder");
        Guard.Require(given.InitialModel is null, nameof(given.InitialModel), "given", "null: trials are of shapes that it has not");
        Guard.Require(given.NumberOfEpochs > 0, nameof(given.NumberOfEpochs), given.NumberOfEpochs, "1 or more");
    }
}
