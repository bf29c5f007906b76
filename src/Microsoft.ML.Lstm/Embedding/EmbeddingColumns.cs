using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Embedding;

/// <summary>From which column to which an embedding goes. Saved with the model.</summary>
/// <param name="Output">Name of the column of vectors.</param>
/// <param name="Input">Name of the column of words.</param>
/// <param name="Unknown">What stands for a word without a vector.</param>
internal sealed record EmbeddingColumns(string Output, string Input, UnknownWord Unknown)
{
    private const string Role = "token";
    private const string Expected = "a vector of text, or of keys that stand for text";

    /// <summary>Finds the input; refuses one that is missing or no vector of words.</summary>
    public DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, Role, Input);
        return column.Type is VectorDataViewType { ItemType: KeyDataViewType or TextDataViewType }
            ? column
            : throw SchemaMismatch.IllTyped(context, Role, Input, Expected, column.Type.ToString()!);
    }

    /// <summary>The shape with the output added, for an input of that shape.</summary>
    public SchemaShape Extend(IExceptionContext context, SchemaShape schema)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, Role, Input);
        if (column.Kind == VectorKind.Scalar || !(column.IsKey || column.ItemType is TextDataViewType))
            throw SchemaMismatch.IllTyped(context, Role, Input, Expected, column.Describe());
        return schema.With(SchemaShapes.Column(Output, column.Kind, NumberDataViewType.Single));
    }
}
