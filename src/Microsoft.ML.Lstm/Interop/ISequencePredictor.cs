namespace Microsoft.ML.Lstm.Interop;

/// <summary>
/// A transformer that predicts from sequences. ML.NET's <c>PermutationFeatureImportance</c> looks through a chain for a transformer of one feature vector, whose slots it
/// exchanges one by one, and says of a chain without one only that there is no compatible predictor; asked for that vector, such a transformer says what to use instead.
/// </summary>
internal interface ISequencePredictor : ISingleFeaturePredictionTransformer
{
    string ISingleFeaturePredictionTransformer.FeatureColumnName => throw new NotSupportedException(
        "PermutationFeatureImportance exchanges single values of a feature vector, which says little of a sequence; expected, of a forecaster, "
        + "ml.Forecasting.PermutationFeatureImportance, and otherwise the metric's loss when a whole column is shuffled among the rows before windows are made "
        + "(\"Which input matters\" in docs/recipes.md).");
}
