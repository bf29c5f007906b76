using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Tests.Estimators;
using Microsoft.ML.Lstm.Validation;
using Microsoft.ML.Runtime;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML.Lstm.Tests.Validation;

public class BlockFoldsTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(2, 2)]
    [InlineData(10, 3)]
    [InlineData(11, 11)]
    public void Of_AnyRows_EachIsInOneBlockAndInTheRestOfTheOthers(int rows, int folds)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(rows));

        IReadOnlyList<TrainTestData> all = BlockFolds.Of(Environment, data, folds);

        Assert.Equal(folds, all.Count);
        Assert.Equal(Enumerable.Range(0, rows).Select(i => $"row {i}"), all.SelectMany(fold => Names(fold.TestSet)));
        foreach (TrainTestData fold in all)
        {
            string[] block = Names(fold.TestSet);
            Assert.InRange(block.Length, rows / folds, (rows / folds) + 1);
            Assert.Equal(Names(data).Except(block), Names(fold.TrainSet));
            Assert.Equal(block.Length, RowCount.Of(fold.TestSet));
            Assert.Equal(rows - block.Length, RowCount.Of(fold.TrainSet));
        }
    }

    [Fact]
    public void Of_DataWithoutRowCount_IsCounted()
    {
        IDataView data = _ml.Data.FilterRowsByColumn(_ml.Data.LoadFromEnumerable(Series.Wave(10)), "Other", 1, 6);
        Assert.Null(data.GetRowCount());

        Assert.Equal(["row 1 row 2", "row 3 row 4 row 5"], BlockFolds.Of(Environment, data, 2).Select(fold => string.Join(' ', Names(fold.TestSet))));
    }

    [Fact]
    public void GetRowCursor_Block_NumbersRowsAnewAndReadsNoFurther()
    {
        var watched = new WatchedView(_ml.Data.LoadFromEnumerable(Series.Wave(100)));
        IDataView block = BlockFolds.Of(Environment, watched, 5)[1].TestSet;
        using DataViewRowCursor cursor = block.GetRowCursor([block.Schema["Value"]]);
        var positions = new List<long>();
        while (cursor.MoveNext())
            positions.Add(cursor.Position);

        Assert.False(cursor.MoveNext());
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), positions);
        Assert.False(cursor.IsColumnActive(block.Schema["Name"]));
        Assert.True(cursor.IsColumnActive(block.Schema["Value"]));
        Assert.Equal(40, watched.RowsRead);
    }

    private IHostEnvironment Environment => _ml.Data.GetEnvironment();

    private static string[] Names(IDataView data) => [.. data.GetColumn<string>("Name")];
}
