using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using static Microsoft.ML.DataOperationsCatalog;
using static Microsoft.ML.TrainCatalogBase;

namespace Microsoft.ML.Lstm.Validation;

/// <summary>Trains anew for each fold, on the rest of the data, and measures on the fold: what ML.NET's <c>CrossValidate</c> does, for any metrics.</summary>
internal static class CrossValidation
{
    /// <summary>Trains and measures, one fold after the other.</summary>
    /// <param name="folds">The data to train on and to measure on, for each fold.</param>
    /// <param name="estimator">What to train.</param>
    /// <param name="measure">Metrics of a trained model, given as its steps, on the rows of a fold.</param>
    public static IReadOnlyList<CrossValidationResult<T>> Run<T>(
        IReadOnlyList<TrainTestData> folds, IEstimator<ITransformer> estimator, Func<IReadOnlyList<ITransformer>, IDataView, T> measure)
        where T : class
    {
        var results = new List<CrossValidationResult<T>>(folds.Count);
        foreach (TrainTestData fold in folds)
        {
            ITransformer model = estimator.Fit(fold.TrainSet);
            IReadOnlyList<ITransformer> steps = [.. TransformerSteps.Of(model)];
            results.Add(CrossValidationResults.Create(model, measure(steps, fold.TestSet), Apply(steps, fold.TestSet), results.Count));
        }
        return results;
    }

    /// <summary>Rows after all steps, those included that count in training alone, such as the mapping of labels: a chain as such leaves them out.</summary>
    public static IDataView Apply(IEnumerable<ITransformer> steps, IDataView rows) => steps.Aggregate(rows, (data, step) => step.Transform(data));
}
