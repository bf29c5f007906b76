using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// A label of one number, <c>Single</c>, or of several, <c>Vector&lt;Single, H&gt;</c>: horizons, outputs. Or a number for each step of the
/// sequence, <c>Vector&lt;Single&gt;</c> of as many numbers as there are steps. NaN is a missing value, and a row that has one is without a label.
/// </summary>
internal sealed class NumberLabel : ILabelColumn
{
    private const string Expected = "Single or Vector<Single, number of outputs>";
    private const string ExpectedEveryStep = "a vector of Single, a number for each step";
    private readonly IExceptionContext _context;

    /// <summary>Finds the label in a schema.</summary>
    public NumberLabel(IExceptionContext context, DataViewSchema schema, string name, bool everyStep)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, ILabelColumn.Role, name);
        var vector = column.Type as VectorDataViewType;
        bool fits = (vector?.ItemType ?? column.Type).Equals(NumberDataViewType.Single) && (everyStep ? vector is not null : vector is null or { IsKnownSize: true });
        if (!fits)
            throw SchemaMismatch.IllTyped(context, ILabelColumn.Role, name, everyStep ? ExpectedEveryStep : Expected, column.Type.ToString()!);
        _context = context;
        (Name, IsEveryStep) = (name, everyStep);
        IsScalar = vector is null;
        Size = everyStep || vector is null ? 1 : vector.Size;
        SlotNames = everyStep ? [] : ReadSlotNames(column);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether there is a number for each step.</summary>
    public bool IsEveryStep { get; }

    /// <summary>Numbers per label; 1 when each step has one.</summary>
    public int Size { get; }

    /// <summary>Whether the column is <c>Single</c>, not a vector of one.</summary>
    public bool IsScalar { get; }

    /// <summary>Names of the numbers, by the column's annotation; empty if it has none.</summary>
    public IReadOnlyList<string> SlotNames { get; }

    /// <summary>Refuses a column that is missing or not numbers, as far as a shape without sizes tells.</summary>
    public static SchemaShape.Column Check(IExceptionContext context, SchemaShape schema, string name, bool everyStep)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, ILabelColumn.Role, name);
        bool fits = everyStep ? column.Kind != VectorKind.Scalar : column.Kind != VectorKind.VariableVector;
        return fits && !column.IsKey && column.ItemType.Equals(NumberDataViewType.Single)
            ? column
            : throw SchemaMismatch.IllTyped(context, ILabelColumn.Role, name, everyStep ? ExpectedEveryStep : Expected, column.Describe());
    }

    /// <inheritdoc/>
    public SequenceShape AddTo(SequenceShape shape) => shape with { Target = TargetKind.Numbers, TargetSize = Size, TargetEveryStep = IsEveryStep };

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
            foreach (float target in targets)
                if (float.IsNaN(target))
                    return false;
            FiniteNumbers.Require(context, targets, name, row.Position);
            return true;
        }
    }
}
