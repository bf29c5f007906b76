using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    /// <summary>Trains on all folds but one, and scores that one.</summary>
    private protected IReadOnlyList<CrossValidationResult<T>> CrossValidateTrain<T>(IDataView data, IEstimator<ITransformer> estimator,
        int numFolds, string samplingKeyColumn, int? seed, Func<IDataView, T> evaluate)
        where T : class
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckValue(estimator, nameof(estimator));
        Environment.CheckParam(numFolds > 1, nameof(numFolds), "Must be more than 1");
        IReadOnlyList<DataOperationsCatalog.TrainTestData> folds =
            new DataOperationsCatalog(Environment).CrossValidationSplit(data, numFolds, samplingKeyColumn, seed);
        var scored = new List<(ITransformer Model, IDataView Scores)>();
        foreach (DataOperationsCatalog.TrainTestData fold in folds)
        {
            ITransformer model = estimator.Fit(fold.TrainSet);
            // A chain as such would leave out what is for training alone, such as the mapping of the labels.
            scored.Add((model, model is IEnumerable<ITransformer> chain
                ? chain.Aggregate(fold.TestSet, (scores, t) => t.Transform(scores)) : model.Transform(fold.TestSet)));
        }
        return [.. scored.Select((s, i) => new CrossValidationResult<T>(s.Model, evaluate(s.Scores), s.Scores, i))];
    }

    public sealed class CrossValidationResult<T>
        where T : class
    {
        public readonly T Metrics;
        public readonly ITransformer Model;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }
}
