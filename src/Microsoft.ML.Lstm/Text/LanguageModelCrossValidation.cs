using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Validation;
using Microsoft.ML.Runtime;
using static Microsoft.ML.TrainCatalogBase;

namespace Microsoft.ML.Lstm.Text;

/// <summary>Cross-validates an estimator that has a language model in it.</summary>
internal static class LanguageModelCrossValidation
{
    /// <summary>Refuses what cannot work before anything is trained; then trains and measures, fold by fold.</summary>
    public static IReadOnlyList<CrossValidationResult<LanguageModelMetrics>> Run(
        IHostEnvironment environment, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        SchemaShape output = estimator.GetOutputSchema(SchemaShapes.Of(data.Schema));
        if (!NextTokenColumns.AreIn(output))
            throw environment.Process(new ArgumentException(
                Invariant($"The columns that the estimator makes are {string.Join(", ", output.Select(c => Invariant($"'{c.Name}'")))}, and none is a language model's; expected an estimator with {nameof(LstmLanguageModel)} that keeps its column Score."), nameof(estimator)));
        return CrossValidation.Run(BlockFolds.Of(environment, data, numberOfFolds), estimator, Measure);
    }

    // The text is read as the model's own step gets it: what comes after may hide the column of tokens.
    private static LanguageModelMetrics Measure(IReadOnlyList<ITransformer> steps, IDataView test)
    {
        int before = steps.TakeWhile(step => step is not LstmLanguageModelTransformer).Count();
        return before < steps.Count
            ? ((LstmLanguageModelTransformer)steps[before]).Evaluate(CrossValidation.Apply(steps.Take(before), test))
            : throw new InvalidOperationException(
                Invariant($"The steps of the trained model are {string.Join(", ", steps.Select(step => step.GetType().Name))}; expected a {nameof(LstmLanguageModelTransformer)} among them."));
    }
}
