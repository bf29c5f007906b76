using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class SchemaTests
{
    private static readonly VBuffer<ReadOnlyMemory<char>> Names = new(2, ["left".AsMemory(), "right".AsMemory()]);

    [Fact]
    public void ALaterColumnHidesAnEarlierOneOfItsName()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Double);
        DataViewSchema schema = builder.ToSchema();

        Assert.Equal(3, schema.Count);
        Assert.True(schema[0].IsHidden);
        Assert.Equal(2, schema["A"].Index);
        Assert.Same(NumberDataViewType.Double, schema["A"].Type);
        Assert.Equal(["A", "B", "A"], schema.Select(c => c.Name));
        Assert.Equal("B: String", schema["B"].ToString());
    }

    [Fact]
    public void AMissingColumnIsNullOrOutOfRange()
    {
        DataViewSchema schema = new DataViewSchema.Builder().ToSchema();
        Assert.Null(schema.GetColumnOrNull("A"));
        Assert.Contains("'A'", Assert.Throws<ArgumentOutOfRangeException>(() => schema["A"]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => schema[0]);
        Assert.Throws<ArgumentNullException>(() => schema[""]);
        Assert.Throws<ArgumentNullException>(() => new DataViewSchema.Builder().AddColumn("", NumberDataViewType.Single));
        Assert.Throws<ArgumentNullException>(() => new DataViewSchema.Builder().AddColumn("A", null));
    }

    [Fact]
    public void TypesCompareByWhatTheyHold()
    {
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2, 3), new VectorDataViewType(NumberDataViewType.Single, 2, 3));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Single, 6), new VectorDataViewType(NumberDataViewType.Single, 2, 3));
        Assert.NotEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single), NumberDataViewType.Single);
        Assert.Equal(new KeyDataViewType(typeof(uint), 4), new KeyDataViewType(typeof(uint), 4UL));
        Assert.NotEqual(new KeyDataViewType(typeof(uint), 4), new KeyDataViewType(typeof(ulong), 4));
        Assert.Equal(
            new VectorDataViewType(NumberDataViewType.Single, 2, 3).GetHashCode(),
            new VectorDataViewType(NumberDataViewType.Single, 2, 3).GetHashCode());
    }

    [Fact]
    public void TypesNameThemselvesAndTheirSizes()
    {
        var grid = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        Assert.Equal(6, grid.Size);
        Assert.Equal([2, 3], grid.Dimensions.ToArray());
        Assert.Equal("Vector<Single, 2, 3>", grid.ToString());
        Assert.Equal(typeof(VBuffer<float>), grid.RawType);

        var open = new VectorDataViewType(NumberDataViewType.Single, 0, 3);
        Assert.False(open.IsKnownSize);
        Assert.Equal("Vector<Single, *, 3>", open.ToString());
        Assert.Equal("Vector<String>", new VectorDataViewType(TextDataViewType.Instance).ToString());
        Assert.Equal("Key<UInt32, 0-3>", new KeyDataViewType(typeof(uint), 4).ToString());
        Assert.Equal("Vector<Key<Byte, 0-8>, 7>", new VectorDataViewType(new KeyDataViewType(typeof(byte), 9), 7).ToString());
    }

    [Fact]
    public void ImpossibleTypesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 256));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Single, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Single, 2, -1));
        Assert.Throws<ArgumentNullException>(() => new VectorDataViewType(null, 2));
    }

    [Fact]
    public void AnnotationsAreReadByKindAndType()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => Names.CopyTo(ref value));
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        builder.AddColumn("B", new VectorDataViewType(NumberDataViewType.Single, 3), annotations.ToAnnotations());
        DataViewSchema.Column column = builder.ToSchema()["A"];

        Assert.True(column.HasSlotNames());
        Assert.True(column.IsNormalized());
        Assert.False(column.HasKeyValues());
        Assert.False(builder.ToSchema()["B"].HasSlotNames());
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        Assert.Equal(["left", "right"], names.DenseValues().Select(n => n.ToString()));
        float wrong = 0;
        Assert.Throws<InvalidOperationException>(() => column.Annotations.GetValue("IsNormalized", ref wrong));
        Assert.Throws<InvalidOperationException>(() => column.Annotations.GetValue("Nothing", ref wrong));
        Assert.Throws<ArgumentException>(() =>
            new DataViewSchema.Annotations.Builder().AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, 1f));
    }

    [Fact]
    public void KeyValuesBelongToAKeyOfTheirCount()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => Names.CopyTo(ref value));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Right", new KeyDataViewType(typeof(uint), 2), annotations.ToAnnotations());
        builder.AddColumn("Wrong", new KeyDataViewType(typeof(uint), 3), annotations.ToAnnotations());
        DataViewSchema schema = builder.ToSchema();

        Assert.True(schema["Right"].HasKeyValues());
        Assert.False(schema["Right"].HasKeyValues(NumberDataViewType.Single));
        Assert.False(schema["Wrong"].HasKeyValues());
        VBuffer<ReadOnlyMemory<char>> values = default;
        schema["Right"].GetKeyValues(ref values);
        Assert.Equal("right", values.GetItemOrDefault(1).ToString());
    }
}
