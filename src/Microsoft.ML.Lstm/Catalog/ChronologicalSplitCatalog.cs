using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML;

/// <summary>Splitting by time, in <c>mlContext.Data</c>.</summary>
public static class ChronologicalSplitCatalog
{
    /// <summary>
    /// Splits data in the order of time into a first part to train on and a last part to test on, so that no test row is older than a training row
    /// (a random split would let a model see the future). Rows keep their order; the data is read once, to count its rows.
    /// </summary>
    /// <param name="catalog">The data operations.</param>
    /// <param name="data">The data, in the order of time.</param>
    /// <param name="testFraction">Part of the rows to test on, between 0 and 1; at least one row goes to either side.</param>
    /// <param name="timeColumnName">A column of times or numbers, checked never to go backwards; null: the order is taken as given.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or the time column is missing or cannot be compared.</exception>
    /// <exception cref="InvalidOperationException">There are fewer than two rows, or time goes backwards; names the row.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var split = ml.Data.ChronologicalSplit(data, testFraction: 0.2, timeColumnName: "Date");
    /// var model = pipeline.Fit(split.TrainSet);
    /// RegressionMetrics metrics = ml.Regression.Evaluate(model.Transform(split.TestSet), labelColumnName: "Next");
    /// ]]></code>
    /// </example>
    public static TrainTestData ChronologicalSplit(this DataOperationsCatalog catalog, IDataView data, double testFraction = 0.2, string? timeColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), Invariant($"testFraction is {testFraction}; expected a number between 0 and 1."));
        long rows = timeColumnName is null
            ? RowCount.Of(data)
            : TimeColumn.CheckOrder(catalog.GetEnvironment(), data, timeColumnName);
        if (rows < 2)
            throw new InvalidOperationException(Invariant($"The data has {Plural.Of(rows, "row")}; expected at least 2 to split."));
        long train = rows - Math.Clamp((long)Math.Round(rows * testFraction), 1, rows - 1);
        return DataSplits.Create(catalog.TakeRows(data, train), catalog.SkipRows(data, train));
    }
}
