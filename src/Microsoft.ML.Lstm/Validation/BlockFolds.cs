using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML.Lstm.Validation;

/// <summary>Folds of rows that are one stream: blocks of rows that follow each other, as many in each, give or take one.</summary>
internal static class BlockFolds
{
    /// <summary>The folds, the first rows' first. What there is to train on keeps its order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds, or more than rows.</exception>
    public static IReadOnlyList<TrainTestData> Of(IExceptionContext context, IDataView data, int numberOfFolds)
    {
        FoldCount.Check(context, numberOfFolds);
        long rows = RowCount.Of(data);
        return rows >= numberOfFolds
            ? [.. Enumerable.Range(0, numberOfFolds).Select(fold => Fold(fold * rows / numberOfFolds, (fold + 1) * rows / numberOfFolds))]
            : throw FoldCount.TooMany(context, numberOfFolds, Invariant($"the data has {rows} rows; expected at least one in each fold"));

        TrainTestData Fold(long first, long end) =>
            DataSplits.Create(new RowSelectionView(data, row => row < first || row >= end, count: rows - (end - first)),
                new RowSelectionView(data, row => row >= first, end, end - first));
    }
}
