using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Rows;

/// <summary>Scoring some rows ahead may be told from scoring row by row by its speed alone.</summary>
public sealed class ReadAheadTests
{
    private const int Count = 300;
    private readonly MLContext _ml = new(1);
    private readonly LstmRegressionTransformer _model;

    public ReadAheadTests() => _model = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { NumberOfEpochs = 1, Seed = 1, HiddenSizes = [8], StepSize = 2 })
        .Fit(_ml.Data.LoadFromEnumerable(Rows(50)));

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(128)]
    [InlineData(100_000)]
    public void Transform_AnyRowsPerBlock_SameRowsAndBits(int rowsPerBlock)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows(Count));
        _model.RowsPerBlock = 1;
        string[] oneByOne = RowValues.Read(_model.Transform(data));

        _model.RowsPerBlock = rowsPerBlock;

        Assert.Equal(oneByOne, RowValues.Read(_model.Transform(data)));
        Assert.Equal(oneByOne, RowValues.Read(_ml.Data.TakeRows(_model.Transform(data), Count)));
        IDataView scored = _model.Transform(data);
        Assert.Equal(oneByOne.Order(), scored.GetRowCursorSet(scored.Schema, 4).SelectMany(cursor => RowValues.Read(cursor, [.. scored.Schema])).Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(Count - 1)]
    public void Transform_RowThatCannotBeRead_ThrowsAtThatRowAlone(int bad)
    {
        Row[] rows = Rows(Count);
        rows[bad].Features = [1, 2, 3];
        IDataView scored = _model.Transform(_ml.Data.LoadFromEnumerable(rows));
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<float> score = cursor.GetGetter<float>(scored.Schema["Score"]);
        ValueGetter<ReadOnlyMemory<char>> name = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Name"]);
        float value = 0;
        ReadOnlyMemory<char> text = default;
        for (int row = 0; row < Count; row++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(row, cursor.Position);
            name(ref text);
            Assert.Equal(rows[row].Name, text.ToString());
            if (row != bad)
                score(ref value);
            else
                Assert.Contains(FormattableString.Invariant($"'Features' has 3 values in row {bad}"), Assert.ThrowsAny<Exception>(() => score(ref value)).Message, StringComparison.Ordinal);
        }
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void Transform_SourceThatThrows_GivesTheRowsBefore()
    {
        IDataView scored = _model.Transform(_ml.Data.LoadFromEnumerable(Failing(37)));
        var scores = new List<float>();

        string message = Assert.ThrowsAny<Exception>(() =>
        {
            foreach (float score in scored.GetColumn<float>("Score"))
                scores.Add(score);
        }).ToString();

        Assert.Contains("the source is gone", message, StringComparison.Ordinal);
        Assert.Equal(_model.Transform(_ml.Data.LoadFromEnumerable(Rows(37))).GetColumn<float>("Score"), scores);
    }

    [Fact]
    public void Transform_OnlyTheFirstRowsTaken_ReadsFewMore()
    {
        var watched = new WatchedView(_ml.Data.LoadFromEnumerable(Rows(Count)));
        IDataView scored = _model.Transform(watched);
        using (DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema))
            for (int i = 0; i < 10; i++)
                Assert.True(cursor.MoveNext());

        Assert.InRange(watched.RowsRead, 10, 20);
    }

    [Fact]
    public void RowsPerBlock_LessThanOne_Refused() =>
        Assert.Contains("RowsPerBlock is 0; expected 1 or more", Assert.Throws<ArgumentOutOfRangeException>(() => _model.RowsPerBlock = 0).Message, StringComparison.Ordinal);

    [Fact]
    public void Transform_EmptyAndNotFiniteSequences_AreNaNAmongOthers()
    {
        Row[] rows = Rows(40);
        (rows[3].Features, rows[17].Features) = ([], [1, float.NaN]);
        float[] without = [.. _model.Transform(_ml.Data.LoadFromEnumerable(Rows(40))).GetColumn<float>("Score")];

        float[] scores = [.. _model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float>("Score")];

        (without[3], without[17]) = (float.NaN, float.NaN);
        Assert.Equal(without, scores);
    }

    private static Row[] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => new Row
    {
        Name = $"row {i}",
        Class = (uint)(i % 3),
        Label = i % 5,
        Features = [.. Enumerable.Range(0, 2 * (1 + (i % 7))).Select(j => MathF.Sin(i + (0.3f * j)))],
    })];

    private static IEnumerable<Row> Failing(int good)
    {
        foreach (Row row in Rows(good))
            yield return row;
        throw new IOException("the source is gone");
    }

    private sealed class Row
    {
        public string Name { get; set; } = "";

        [KeyType(3)]
        public uint Class { get; set; }

        public float Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
