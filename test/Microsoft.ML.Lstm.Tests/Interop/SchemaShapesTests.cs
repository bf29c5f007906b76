using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Tests.Interop;

public class SchemaShapesTests
{
    [Fact]
    public void Column_AllGiven_HasIt()
    {
        var slotNames = new SchemaShape([SchemaShapes.Column("SlotNames", VectorKind.Vector, TextDataViewType.Instance)]);

        SchemaShape.Column column = SchemaShapes.Column("Tokens", VectorKind.VariableVector, NumberDataViewType.UInt32, isKey: true, slotNames);

        Assert.Equal("Tokens", column.Name);
        Assert.Equal(VectorKind.VariableVector, column.Kind);
        Assert.Equal(NumberDataViewType.UInt32, column.ItemType);
        Assert.True(column.IsKey);
        Assert.Equal("SlotNames", Assert.Single(column.Annotations).Name);
    }

    [Fact]
    public void Column_NothingAsked_HasNoKeyAndNoAnnotations()
    {
        SchemaShape.Column column = SchemaShapes.Column("Score", VectorKind.Scalar, NumberDataViewType.Single);

        Assert.False(column.IsKey);
        Assert.Empty(column.Annotations);
    }

    [Fact]
    public void Column_VectorAsItemType_IsRefused() =>
        Assert.ThrowsAny<ArgumentException>(() => SchemaShapes.Column("Score", VectorKind.Vector, new VectorDataViewType(NumberDataViewType.Single, 3)));

    [Fact]
    public void Of_Schema_HasItsColumnsAndTheirAnnotations()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Score", new VectorDataViewType(NumberDataViewType.Single, 2), Lstm.Rows.SlotNames.Of(["a", "b"]));
        builder.AddColumn("Tokens", new VectorDataViewType(new KeyDataViewType(typeof(uint), 5)));

        SchemaShape shape = SchemaShapes.Of(builder.ToSchema());

        Assert.Equal([("Score", VectorKind.Vector, false), ("Tokens", VectorKind.VariableVector, true)], shape.Select(c => (c.Name, c.Kind, c.IsKey)));
        Assert.Equal("SlotNames", Assert.Single(shape[0].Annotations).Name);
    }
}
