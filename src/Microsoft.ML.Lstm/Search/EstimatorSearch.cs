using Microsoft.ML.Runtime;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML.Lstm.Search;

/// <summary>Searches for any estimator with a recurrent network in it: each trial is trained on some rows and scored on others, the
/// mean over folds.</summary>
internal sealed class EstimatorSearch<TOptions, TModel>(
    IHostEnvironment environment, IReadOnlyList<TrainTestData> folds, TOptions options,
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
        using var folder = new SearchFolder(search.Folder) { NumberOfFolds = folds.Count };
        var trials = new SearchTrials<TOptions>(_host, _options, _space, search, folder);
        folder.Require(SearchIdentity.Of(
            typeof(TOptions).DeclaringType?.Name ?? typeof(TOptions).Name, trials.Seed, trials.TrainingSeed, _options, _space,
            ("Training data", Hash(fold => fold.TrainSet)), ("Validation data", Hash(fold => fold.TestSet))));
        TModel? model = null;
        int latest = -1;
        var ladder = new RungLadder(_options.NumberOfEpochs);
        var run = new SearchRun(_host, search, folder, ladder, trials.Has, trial => trials.Of(trial).Settings, (job, cancellation) =>
        {
            double sum = 0;
            for (int fold = folds.Count - 1; fold > 0; fold--)
            {
                SearchJob own = folder.JobOf(job.Trial, job.Rung, job.Epochs, fold);
                sum += Score(own, Fit(trials, own, fold, cancellation), fold);
                SearchFolder.Settle(own);
            }
            (model, latest) = (Fit(trials, job, 0, cancellation), job.Trial);
            return (sum + Score(job, model, 0)) / folds.Count;
        });
        SearchEnd end = run.Run();
        SearchRung best = run.Best;
        // From its checkpoint, so that what was found in the folder is made again as well.
        if (model is null || latest != best.Trial)
            model = Fit(trials, folder.JobOf(best.Trial, best.Rung, best.Epochs) with { CheckpointPath = null }, 0, CancellationToken.None);
        return new SearchResult<TModel>(model, run.Trials, best, end);
    }

    private TModel Fit(SearchTrials<TOptions> trials, SearchJob job, int fold, CancellationToken cancellationToken) =>
        estimator(trials.OptionsOf(job, cancellationToken), trials.Of(job.Trial)).Fit(DataOf(fold).TrainSet);

    private double Score(SearchJob job, TModel model, int fold) => File.Exists(job.CheckpointPath) || job.ResumeFrom is not null
        ? score(model.Transform(DataOf(fold).TestSet))
        : throw new InvalidOperationException(Invariant($"Trial {job.Trial} was fitted and wrote no checkpoint; ")
            + "expected an estimator that is made from the options that it is given.");

    // The latest is the first, as a folder counts them, and the last, as users do.
    private TrainTestData DataOf(int fold) => folds[folds.Count - 1 - fold];

    private string Hash(Func<TrainTestData, IDataView> rows) => string.Join(", ", folds.Select(fold => DataHash.Of(rows(fold))));
}
