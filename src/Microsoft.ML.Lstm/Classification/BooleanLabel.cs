using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>A label that is true or false: the target is 1 or 0.</summary>
internal sealed class BooleanLabel : IClassLabel
{
    private static readonly string[] ClassNames = [bool.FalseString, bool.TrueString];

    /// <summary>Finds the label in a schema.</summary>
    public BooleanLabel(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, ILabelColumn.Role, name);
        if (column.Type is not BooleanDataViewType)
            throw SchemaMismatch.IllTyped(context, ILabelColumn.Role, name, "Boolean", column.Type.ToString()!);
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int OutputSize => 1;

    /// <summary>Refuses a column that is missing or not Boolean, as far as a shape without sizes tells.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, ILabelColumn.Role, name);
        if (column.Kind != VectorKind.Scalar || column.IsKey || column.ItemType is not BooleanDataViewType)
            throw SchemaMismatch.IllTyped(context, ILabelColumn.Role, name, "Boolean", column.Describe());
    }

    /// <inheritdoc/>
    public IClassLabel In(IExceptionContext context, DataViewSchema schema) => new BooleanLabel(context, schema, Name);

    /// <inheritdoc/>
    public long[] Count(IExceptionContext context, SequenceDataset examples) =>
        ClassCounts.Of(context, examples, example => (int)examples.Targets(example)[0], ClassNames, Name);

    /// <inheritdoc/>
    public SequenceShape AddTo(SequenceShape shape) => shape with { Target = TargetKind.Numbers, TargetSize = 1 };

    /// <inheritdoc/>
    public ILabelReader Open(DataViewRow row) => new Reader(row, Name);

    private sealed class Reader(DataViewRow row, string name) : ILabelReader
    {
        private readonly ValueGetter<bool> _getter = row.GetGetter<bool>(row.Schema[name]);
        private readonly float[] _target = new float[1];
        private bool _isTrue;

        public bool Read(out ReadOnlySpan<float> targets, out ReadOnlySpan<int> classes)
        {
            _getter(ref _isTrue);
            _target[0] = _isTrue ? 1 : 0;
            targets = _target;
            classes = [];
            return true;
        }
    }
}
