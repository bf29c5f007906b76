using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Tests.Interop;

public class SchemaShapesTests
{
    [Fact]
    public void A_column_has_what_it_was_given()
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
    public void A_column_has_no_key_and_no_annotations_unless_asked()
    {
        SchemaShape.Column column = SchemaShapes.Column("Score", VectorKind.Scalar, NumberDataViewType.Single);

        Assert.False(column.IsKey);
        Assert.Empty(column.Annotations);
    }

    [Fact]
    public void A_vector_is_no_item_type() =>
        Assert.ThrowsAny<ArgumentException>(() => SchemaShapes.Column("Score", VectorKind.Vector, new VectorDataViewType(NumberDataViewType.Single, 3)));
}
