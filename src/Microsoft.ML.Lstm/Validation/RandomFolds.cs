using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML.Lstm.Validation;

/// <summary>Folds of rows that know nothing of each other, drawn as ML.NET draws them.</summary>
internal static class RandomFolds
{
    /// <summary>The folds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds, one got no row, or there is no column of that name.</exception>
    public static IReadOnlyList<TrainTestData> Of(IHostEnvironment environment, IDataView data, int numberOfFolds, string? samplingKeyColumn, int? seed)
    {
        FoldCount.Check(environment, numberOfFolds);
        IReadOnlyList<TrainTestData> folds = DataSplits.Folds(environment, data, numberOfFolds, samplingKeyColumn, seed);
        // Chance may leave one out even when there are rows enough; better known now than after the folds before it are trained.
        for (int fold = 0; fold < numberOfFolds; fold++)
        {
            using DataViewRowCursor cursor = folds[fold].TestSet.GetRowCursor([]);
            if (!cursor.MoveNext())
                throw FoldCount.TooMany(environment, numberOfFolds,
                    Invariant($"fold {fold} has no row; expected at least one in each: fewer folds, more rows{(samplingKeyColumn is null ? "" : Invariant($" (or values of column '{samplingKeyColumn}')"))} or another seed"));
        }
        return folds;
    }
}
