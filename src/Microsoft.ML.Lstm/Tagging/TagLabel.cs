using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Tagging;

/// <summary>A label that gives each step one of several classes: a vector of keys. A step with a missing key is not learned from.</summary>
internal sealed class TagLabel : IClassLabel
{
    private const string Expected = "a vector of keys, one for each step, such as Conversion.MapValueToKey makes of a vector";

    /// <summary>Finds the label in a schema.</summary>
    public TagLabel(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, ILabelColumn.Role, name);
        if (column.Type is not VectorDataViewType { ItemType: KeyDataViewType key })
            throw SchemaMismatch.IllTyped(context, ILabelColumn.Role, name, Expected, column.Type.ToString()!);
        Name = name;
        Classes = LabelClasses.Of(context, column, key);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>What the keys stand for.</summary>
    public LabelClasses Classes { get; }

    /// <inheritdoc/>
    public int OutputSize => Classes.Count;

    /// <summary>Refuses a column that is missing or no vector of keys, as far as a shape without sizes tells.</summary>
    public static SchemaShape.Column Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, ILabelColumn.Role, name);
        return column.IsKey && column.Kind != VectorKind.Scalar ? column : throw SchemaMismatch.IllTyped(context, ILabelColumn.Role, name, Expected, column.Describe());
    }

    /// <inheritdoc/>
    public IClassLabel In(IExceptionContext context, DataViewSchema schema)
    {
        var other = new TagLabel(context, schema, Name);
        Classes.RequireSame(context, schema[Name], other.Classes);
        return other;
    }

    /// <inheritdoc/>
    public long[] Count(IExceptionContext context, SequenceDataset examples) =>
        ClassCounts.OfSteps(context, examples, Classes.Names, Name);

    /// <inheritdoc/>
    public SequenceShape AddTo(SequenceShape shape) => shape with { Target = TargetKind.Class, TargetSize = 0, TargetEveryStep = true };

    /// <inheritdoc/>
    public ILabelReader Open(DataViewRow row) => new Reader(TokenReader.Open(row, row.Schema[Name]));

    private sealed class Reader(ITokenReader keys) : ILabelReader
    {
        private int[] _classes = [];

        public bool Read(out ReadOnlySpan<float> targets, out ReadOnlySpan<int> classes)
        {
            ReadOnlySpan<int> read = keys.Read();
            if (_classes.Length < read.Length)
                _classes = new int[Math.Max(read.Length, 2 * _classes.Length)];
            for (int step = 0; step < read.Length; step++)
                _classes[step] = read[step] - 1;
            targets = [];
            classes = _classes.AsSpan(0, read.Length);
            return classes.IsEmpty || classes.ContainsAnyExcept(-1);
        }
    }
}
