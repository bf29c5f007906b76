using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Importance;

/// <summary>The metrics of classifications, as ML.NET's own evaluations measure them.</summary>
internal static class ClassificationImportance
{
    /// <summary>The metrics of two classes, for a label of some data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label is missing or of another type.</exception>
    public static ImportanceMetrics<BinaryClassificationMetricsStatistics> Of(
        IHost host, BinaryClassificationCatalog catalog, DataViewSchema schema, string labelColumn) => new(
        new BooleanLabel(host, schema, labelColumn), view => Values(catalog.EvaluateNonCalibrated(view, labelColumn)), MetricChanges.Binary,
        all =>
        [
            all.AreaUnderRocCurve, all.Accuracy, all.PositivePrecision, all.PositiveRecall, all.NegativePrecision, all.NegativeRecall,
            all.F1Score, all.AreaUnderPrecisionRecallCurve,
        ],
        all => -all.AreaUnderRocCurve.Mean);

    /// <summary>The metrics of several classes, for a label of some data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label is missing, of another type, or its classes are not the model's.</exception>
    public static ImportanceMetrics<MulticlassClassificationMetricsStatistics> Of(
        IHost host, MulticlassClassificationCatalog catalog, RecurrentModel model, DataViewSchema schema, string labelColumn)
    {
        var label = new KeyLabel(host, schema, labelColumn);
        LabelClasses.Of(model.Head.Classes!).RequireSame(host, schema[labelColumn], label.Classes, "the model");
        return new ImportanceMetrics<MulticlassClassificationMetricsStatistics>(
            label, view => Values(catalog.Evaluate(view, labelColumn)), () => MetricChanges.Multiclass(label.Classes.Count),
            all => [all.MacroAccuracy, all.MicroAccuracy, all.LogLoss, all.LogLossReduction, all.TopKAccuracy, .. all.PerClassLogLoss],
            all => all.LogLoss.Mean);
    }

    private static double[] Values(BinaryClassificationMetrics all) =>
    [
        all.AreaUnderRocCurve, all.Accuracy, all.PositivePrecision, all.PositiveRecall, all.NegativePrecision, all.NegativeRecall,
        all.F1Score, all.AreaUnderPrecisionRecallCurve,
    ];

    private static double[] Values(MulticlassClassificationMetrics all) =>
        [all.MacroAccuracy, all.MicroAccuracy, all.LogLoss, all.LogLossReduction, all.TopKAccuracy, .. all.PerClassLogLoss];
}
