using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Tagging;
using static Microsoft.ML.TrainCatalogBase;

namespace Microsoft.ML;

/// <summary>Evaluation and cross-validation of tags, in <c>mlContext.MulticlassClassification</c>.</summary>
public static class TaggingCatalog
{
    /// <summary>
    /// Measures predicted tags against labels: the part of the steps that is right, and for BIO tags precision, recall and F1 of entities as CoNLL-2003
    /// defines them. Steps without a label are not counted, and are outside of entities.
    /// </summary>
    /// <param name="catalog">The multiclass classification operations.</param>
    /// <param name="data">Rows with both columns, such as an <see cref="LstmTagger"/>'s model adds to labelled data.</param>
    /// <param name="labelColumnName">The column of labels: a vector of keys.</param>
    /// <param name="predictedLabelColumnName">The column of predictions: a vector of keys, as many in each row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">A row has not as many predictions as labels; names it.</exception>
    /// <example>
    /// <code><![CDATA[
    /// TaggingMetrics metrics = ml.MulticlassClassification.EvaluateTags(model.Transform(data));
    /// Console.WriteLine($"{metrics.TokenAccuracy:P1} of the steps, entity F1 {metrics.Entities?.F1:P1}");
    /// ]]></code>
    /// </example>
    public static TaggingMetrics EvaluateTags(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(data);
        return new TagEvaluation(catalog.GetEnvironment(), data.Schema, labelColumnName, predictedLabelColumnName).Run(data);
    }

    /// <summary>
    /// Cross-validates an estimator that tags: cuts the rows at random into folds, as <c>CrossValidate</c> does, and for each trains on all the
    /// others, then measures on it. Nothing is trained before all arguments are known to be right.
    /// </summary>
    /// <param name="catalog">The multiclass classification operations.</param>
    /// <param name="data">Labelled rows.</param>
    /// <param name="estimator">
    /// An <see cref="LstmTagger"/>, or a chain with one, which is trained anew for each fold, all its steps: it may map the labels itself. A label
    /// that the training rows of a fold do not have is then a missing one, which is not counted.
    /// </param>
    /// <param name="numberOfFolds">How many folds. Range: 2 to the number of rows.</param>
    /// <param name="labelColumnName">The column of labels in the estimator's output: a vector of keys.</param>
    /// <param name="predictedLabelColumnName">The column of predictions in it: a vector of keys, as many in each row.</param>
    /// <param name="samplingKeyColumnName">A column whose equal values stay in one fold, such as the document that a sentence is from; null: each row on its own.</param>
    /// <param name="seed">Same seed, same folds; null: the context's.</param>
    /// <returns>The model, the metrics and the scored rows of each fold.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds, a fold has no row, or a column is missing or of another type; names it.</exception>
    /// <exception cref="InvalidOperationException">A row has not as many predictions as labels, or cannot be trained on; names it.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var tagger = ml.MulticlassClassification.Trainers.LstmTagger(featureColumnName: "Words");
    /// var folds = ml.MulticlassClassification.CrossValidateTags(data, tagger, numberOfFolds: 5, samplingKeyColumnName: "Document");
    /// Console.WriteLine(folds.Average(fold => fold.Metrics.TokenAccuracy));
    /// ]]></code>
    /// </example>
    public static IReadOnlyList<CrossValidationResult<TaggingMetrics>> CrossValidateTags(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel",
        string? samplingKeyColumnName = null,
        int? seed = null) =>
        TagCrossValidation.Run(
            catalog.GetEnvironment(), data, estimator, numberOfFolds, labelColumnName, predictedLabelColumnName, samplingKeyColumnName, seed);
}
