using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class ExtensionsCatalog
{
    public static MissingValueReplacingEstimator ReplaceMissingValues(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName = null,
        MissingValueReplacingEstimator.ReplacementMode replacementMode = MissingValueReplacingEstimator.Defaults.Mode,
        bool imputeBySlot = MissingValueReplacingEstimator.Defaults.ImputeBySlot) =>
        new(catalog.GetEnvironment(), [(outputColumnName, inputColumnName ?? outputColumnName)], replacementMode, imputeBySlot);

    public static MissingValueReplacingEstimator ReplaceMissingValues(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        MissingValueReplacingEstimator.ReplacementMode replacementMode = MissingValueReplacingEstimator.Defaults.Mode,
        bool imputeBySlot = MissingValueReplacingEstimator.Defaults.ImputeBySlot) =>
        new(catalog.GetEnvironment(), InputOutputColumnPair.ToTuples(columns), replacementMode, imputeBySlot);
}
