using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Search;

/// <summary>Searches for any estimator with a recurrent network in it: each trial is trained on some rows and scored on others.</summary>
internal sealed class EstimatorSearch<TOptions, TModel>(
    IHostEnvironment environment, IDataView trainData, IDataView validationData, TOptions options,
    Func<TOptions, SearchTrial, IEstimator<TModel>> estimator, Func<IDataView, double> score,
    SearchOptions search, HyperparameterSpace<TOptions>? space)
    where TOptions : RecurrentNetworkOptions
    where TModel : class, ITransformer
{
    private readonly IHost _host = environment.Register("HyperparameterSearch");
    private readonly TOptions _options = (TOptions)options.Copy();
    private readonly HyperparameterSpace<TOptions> _space = space ?? HyperparameterSpaces.OfNetwork<TOptions>();

    /// <summary>Searches.</summary>
    public SearchResult<TModel> Run()
    {
        search.Validate();
        using var folder = new SearchFolder(search.Folder);
        var trials = new SearchTrials<TOptions>(_host, _options, _space, search, folder);
        folder.Require(SearchIdentity.Of(
            typeof(TOptions).DeclaringType?.Name ?? typeof(TOptions).Name, trials.Seed, trials.TrainingSeed, _options, _space,
            ("Training data", DataHash.Of(trainData)), ("Validation data", DataHash.Of(validationData))));
        TModel? model = null;
        int latest = -1;
        var ladder = new RungLadder(_options.NumberOfEpochs);
        var run = new SearchRun(_host, search, folder, ladder, trials.Has, trial => trials.Of(trial).Settings, (job, cancellation) =>
        {
            (model, latest) = (Fit(trials, job, cancellation), job.Trial);
            if (!File.Exists(job.CheckpointPath) && job.ResumeFrom is null)
                throw new InvalidOperationException(Invariant($"Trial {job.Trial} was fitted and wrote no checkpoint; ")
                    + "expected an estimator that is made from the options that it is given.");
            return score(model.Transform(validationData));
        });
        SearchEnd end = run.Run();
        SearchRung best = run.Best;
        // From its checkpoint, so that what was found in the folder is made again as well.
        if (model is null || latest != best.Trial)
            model = Fit(trials, folder.JobOf(best.Trial, best.Rung, best.Epochs) with { CheckpointPath = null }, CancellationToken.None);
        return new SearchResult<TModel>(model, run.Trials, best, end);
    }

    private TModel Fit(SearchTrials<TOptions> trials, SearchJob job, CancellationToken cancellationToken) =>
        estimator(trials.OptionsOf(job, cancellationToken), trials.Of(job.Trial)).Fit(trainData);
}
