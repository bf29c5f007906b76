using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class EnumerableTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void MembersBecomeColumnsOfTheirTypes()
    {
        DataViewSchema schema = _ml.Data.LoadFromEnumerable(Reading.Many(1)).Schema;

        Assert.Null(schema.GetColumnOrNull("Title"));
        Assert.Null(schema.GetColumnOrNull("Ignored"));
        Assert.Equal(11, schema.Count);
        Assert.Same(NumberDataViewType.Single, schema["Value"].Type);
        Assert.Same(TextDataViewType.Instance, schema["Name"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2, 3), schema["Grid"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Double, 0), schema["Loose"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Int32, 0), schema["Sparse"].Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 4), schema["Group"].Type);
        Assert.Equal(new VectorDataViewType(new KeyDataViewType(typeof(uint), 5), 0), schema["Tokens"].Type);
        Assert.Same(BooleanDataViewType.Instance, schema["Flag"].Type);
        Assert.Same(NumberDataViewType.Int64, schema["Count"].Type);
        Assert.Same(DateTimeDataViewType.Instance, schema["At"].Type);
        Assert.Equal(new VectorDataViewType(TextDataViewType.Instance, 0), schema["Words"].Type);
    }

    [Fact]
    public void EveryColumnComesBackAsItWentIn()
    {
        Reading[] rows = Reading.Many(7);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        Reading[] back = [.. _ml.Data.CreateEnumerable<Reading>(data, reuseRowObject: false)];

        Assert.Equal(7, back.Length);
        foreach ((Reading row, Reading other) in rows.Zip(back))
        {
            Assert.Equal((row.Value, row.Title, row.Group + 1, row.Flag, row.Count, row.At),
                (other.Value, other.Title, other.Group, other.Flag, other.Count, other.At));
            Assert.Equal(row.Grid, other.Grid);
            Assert.Equal(row.Loose, other.Loose);
            Assert.Equal(row.Words, other.Words);
            Assert.Equal(row.Tokens, other.Tokens);
            Assert.Equal(row.Sparse.DenseValues(), other.Sparse.DenseValues());
        }
    }

    [Fact]
    public void NullTextAndNullArraysAreEmptyAndAKeyBeyondItsCountIsMissing()
    {
        Reading[] rows = [new() { Title = null, Grid = null!, Words = null!, Group = 9 }];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        Assert.Equal([""], data.GetColumn<string>("Name"));
        Assert.Empty(data.GetColumn<float[]>("Grid").Single());
        Assert.Equal([0u], data.GetColumn<uint>("Group"));
    }

    [Fact]
    public void CursorsAreLazyAndIndependent()
    {
        int made = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i =>
        {
            made++;
            return new Reading { Value = i };
        }));
        Assert.Null(data.GetRowCount());
        Assert.Equal(0, made);
        DataViewSchema.Column column = data.Schema["Value"];
        using DataViewRowCursor first = data.GetRowCursor([column]);
        using DataViewRowCursor second = data.GetRowCursor([column]);
        ValueGetter<float> getFirst = first.GetGetter<float>(column);
        ValueGetter<float> getSecond = second.GetGetter<float>(column);
        Assert.Equal(-1, first.Position);
        Assert.True(first.MoveNext());
        Assert.True(first.MoveNext());
        Assert.True(second.MoveNext());
        float a = 0, b = 0;
        getFirst(ref a);
        getSecond(ref b);
        Assert.Equal((1f, 0f), (a, b));
        Assert.Equal((1L, 0L), (first.Position, second.Position));
        Assert.Equal(3, made);
        Assert.True(first.MoveNext());
        Assert.False(first.MoveNext());
    }

    [Fact]
    public void GettersAreCheckedForTypeAndActivity()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(2));
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Value"]]);
        Assert.True(cursor.IsColumnActive(data.Schema["Value"]));
        Assert.False(cursor.IsColumnActive(data.Schema["Name"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["Value"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Name"]));
        Assert.Equal(2, data.GetRowCount());
        Assert.False(data.CanShuffle);
    }

    [Fact]
    public void ColumnsThatDoNotFitTheClassAreNamed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new { Value = 1.0 } });
        Assert.Contains("Value", Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<OnlyValue>(data, false)).Message);
        IDataView other = _ml.Data.LoadFromEnumerable(new[] { new { Other = 1f } });
        Assert.Contains("Value", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Data.CreateEnumerable<OnlyValue>(other, false)).Message);
        Assert.Equal(5f, Assert.Single(_ml.Data.CreateEnumerable<OnlyValue>(other, false, ignoreMissingColumns: true)).Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new[] { new { Odd = new object() } }));
        Assert.Throws<ArgumentNullException>(() => _ml.Data.LoadFromEnumerable((Reading[])null!));
    }

    [Fact]
    public void ARowThatIsNullIsAnError()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Reading(), null! });
        Assert.Throws<InvalidOperationException>(() => data.GetColumn<float>("Value").Count());
    }

    [Fact]
    public void ASchemaCanBeGivenWhereItsColumnsHaveMembers()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Loose", new VectorDataViewType(NumberDataViewType.Double, 2));
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(3), builder.ToSchema());
        Assert.Equal(2, ((VectorDataViewType)data.Schema["Loose"].Type).Size);
        builder.AddColumn("Nowhere", NumberDataViewType.Double);
        Assert.Contains("Nowhere", Assert.Throws<InvalidOperationException>(
            () => _ml.Data.LoadFromEnumerable(Reading.Many(3), builder.ToSchema())).Message);
    }

    [Fact]
    public void ASchemaDefinitionSetsSizesKeysAndAnnotations()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Reading));
        definition["Loose"].ColumnType = new VectorDataViewType(NumberDataViewType.Double, 2);
        definition["Value"].ColumnName = "Renamed";
        definition["Renamed"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(3), definition);

        Assert.Equal(2, ((VectorDataViewType)data.Schema["Loose"].Type).Size);
        Assert.Equal([0f, 1f, 2f], data.GetColumn<float>("Renamed"));
        Assert.True(data.Schema["Renamed"].IsNormalized());

        definition["Renamed"].ColumnType = NumberDataViewType.Double;
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(Reading.Many(3), definition));
    }

    [Fact]
    public void ColumnsAreReadAsArraysTextOrTheirOwnType()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(3));
        Assert.Equal(["row 0", "row 1", "row 2"], data.GetColumn<string>("Name"));
        Assert.Equal([2f, 3f, 4f, 5f, 6f, 7f], data.GetColumn<float[]>("Grid").Last());
        Assert.Equal(["a", "b1"], data.GetColumn<string[]>("Words").ElementAt(1));
        Assert.Equal(6, data.GetColumn<VBuffer<float>>("Grid").First().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<int>("Value"));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<float>("Nowhere"));
    }

    [Fact]
    public void APreviewShowsTheFirstRows()
    {
        DataDebuggerPreview preview = _ml.Data.LoadFromEnumerable(Reading.Many(5)).Preview(maxRows: 3);
        Assert.Equal(3, preview.RowView.Length);
        Assert.Equal(11, preview.ColumnView.Length);
        Assert.Equal(2f, preview.RowView[2].Values.Single(v => v.Key == "Value").Value);
        Assert.Equal([false, true, false], preview.ColumnView.Single(c => c.Column.Name == "Flag").Values);
    }

    private sealed class OnlyValue
    {
        public float Value { get; set; } = 5;
    }
}
