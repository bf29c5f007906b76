using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>A label of one number, <c>Single</c>, or of several, <c>Vector&lt;Single, H&gt;</c>: horizons, outputs.</summary>
internal sealed class NumberLabel : ILabelColumn
{
    private const string Role = "label";
    private const string Expected = "Single or Vector<Single, number of outputs>";
    private readonly IExceptionContext _context;

    /// <summary>Finds the label in a schema.</summary>
    public NumberLabel(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, Role, name);
        bool fits = column.Type.Equals(NumberDataViewType.Single)
            || (column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType.Equals(NumberDataViewType.Single));
        if (!fits)
            throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Type.ToString()!);
        _context = context;
        Name = name;
        IsScalar = column.Type is not VectorDataViewType;
        Size = column.Type is VectorDataViewType known ? known.Size : 1;
        SlotNames = ReadSlotNames(column);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Numbers per label.</summary>
    public int Size { get; }

    /// <summary>Whether the column is <c>Single</c>, not a vector of one.</summary>
    public bool IsScalar { get; }

    /// <summary>Names of the numbers, by the column's annotation; empty if it has none.</summary>
    public IReadOnlyList<string> SlotNames { get; }

    /// <summary>Refuses a column that is missing or not numbers, as far as a shape without sizes tells.</summary>
    public static SchemaShape.Column Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, Role, name);
        return column.Kind != VectorKind.VariableVector && !column.IsKey && column.ItemType.Equals(NumberDataViewType.Single)
            ? column
            : throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Describe());
    }

    /// <inheritdoc/>
    public SequenceShape AddTo(SequenceShape shape) => shape with { Target = TargetKind.Numbers, TargetSize = Size };

    /// <inheritdoc/>
    public ILabelReader Open(DataViewRow row) => new Reader(_context, Name, row);

    private static IReadOnlyList<string> ReadSlotNames(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull("SlotNames")?.Type is not VectorDataViewType { ItemType: TextDataViewType })
            return [];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue("SlotNames", ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private sealed class Reader(IExceptionContext context, string name, DataViewRow row) : ILabelReader
    {
        private readonly NumberReader _numbers = new(row, row.Schema[name]);

        public bool Read(out ReadOnlySpan<float> targets, out ReadOnlySpan<int> classes)
        {
            targets = _numbers.Read();
            classes = [];
            FiniteNumbers.Require(context, targets, name, row.Position);
            return true;
        }
    }
}
