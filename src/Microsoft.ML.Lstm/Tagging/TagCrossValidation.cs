using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Validation;
using Microsoft.ML.Runtime;
using static Microsoft.ML.TrainCatalogBase;

namespace Microsoft.ML.Lstm.Tagging;

/// <summary>Cross-validates an estimator that tags.</summary>
internal static class TagCrossValidation
{
    /// <summary>Refuses what cannot work before anything is trained; then trains and measures, fold by fold.</summary>
    public static IReadOnlyList<CrossValidationResult<TaggingMetrics>> Run(
        IHostEnvironment environment, IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds, string labelColumn, string predictedColumn, string? samplingKeyColumn, int? seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        TagEvaluation.Check(environment, estimator.GetOutputSchema(SchemaShapes.Of(data.Schema)), labelColumn, predictedColumn);
        return CrossValidation.Run(RandomFolds.Of(environment, data, numberOfFolds, samplingKeyColumn, seed), estimator, Measure);

        TaggingMetrics Measure(IReadOnlyList<ITransformer> steps, IDataView test)
        {
            IDataView scored = CrossValidation.Apply(steps, test);
            return new TagEvaluation(environment, scored.Schema, labelColumn, predictedColumn).Run(scored);
        }
    }
}
