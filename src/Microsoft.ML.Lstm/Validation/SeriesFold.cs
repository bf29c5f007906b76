using Microsoft.ML.Lstm.Interop;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML.Lstm.Validation;

/// <summary>The rows of each series to train and to test on, counted within the series: the first, and the one after the last.</summary>
internal sealed record SeriesFold(IReadOnlyList<(long First, long End)> Train, IReadOnlyList<(long First, long End)> Test)
{
    /// <summary>Tests on the last fraction of each series; one of a single row is trained on.</summary>
    public static SeriesFold AtEnd(IReadOnlyList<long> rows, double testFraction, int lookBack)
    {
        long[] train = [.. rows.Select(n => n - (n < 2 ? 0 : Math.Clamp((long)Math.Round(n * testFraction), 1, n - 1)))];
        return new([.. train.Select(end => (0L, end))], [.. rows.Select((n, i) => train[i] == n ? (n, n) : (Math.Max(0, train[i] - lookBack), n))]);
    }

    /// <summary>One fold of a rolling origin.</summary>
    /// <exception cref="InvalidOperationException">No series has a row to train on and one to test on.</exception>
    public static SeriesFold Rolling(IReadOnlyList<long> rows, int folds, int fold, int? testRows, int? maximumTrainRows, int gap, int lookBack)
    {
        var train = new (long, long)[rows.Count];
        var test = new (long, long)[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            long size = testRows ?? rows[i] / (folds + 1L), start = rows[i] - (folds - fold) * size, end = start - gap;
            if (size < 1 || end < 1)
                continue;
            train[i] = (Math.Max(0, end - (maximumTrainRows ?? end)), end);
            test[i] = (Math.Max(0, start - lookBack), start + size);
        }
        long longest = rows.Count == 0 ? 0 : rows.Max(), needed = (folds - fold) * (long)(testRows ?? 1) + gap + 1;
        return test.Any(t => t.Item2 > 0) ? new(train, test) : throw new InvalidOperationException(Invariant(
            $"The longest series has {longest} rows; expected at least {Math.Max(needed, testRows is null ? folds + 1 + gap : 0)} for fold {fold} of {folds}{(testRows is null ? "" : Invariant($" of {testRows} test rows"))}{(gap > 0 ? Invariant($" after a gap of {gap}") : "")}."));
    }

    /// <summary>The fold's rows of data.</summary>
    public TrainTestData Of(IDataView data, string? group) =>
        DataSplits.Create(new SeriesRangeView(data, group, Train), new SeriesRangeView(data, group, Test));
}
