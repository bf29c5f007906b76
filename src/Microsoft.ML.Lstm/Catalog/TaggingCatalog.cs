using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Tagging;

namespace Microsoft.ML;

/// <summary>Evaluation of tags, in <c>mlContext.MulticlassClassification</c>.</summary>
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
    public static TaggingMetrics EvaluateTags(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(data);
        return new TagEvaluation(catalog.GetEnvironment(), data.Schema, labelColumnName, predictedLabelColumnName).Run(data);
    }
}
