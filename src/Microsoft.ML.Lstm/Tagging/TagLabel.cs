using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Tagging;

/// <summary>A label that gives each step one of several classes: a vector of keys. A step with a missing key is not learned from.</summary>
internal sealed class TagLabel : ILabelColumn
{
    private const string Role = "label";
    private const string Expected = "a vector of keys, one for each step, such as Conversion.MapValueToKey makes of a vector";

    /// <summary>Finds the label in a schema.</summary>
    public TagLabel(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, Role, name);
        if (column.Type is not VectorDataViewType { ItemType: KeyDataViewType key })
            throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Type.ToString()!);
        Name = name;
        ClassCount = KeyCardinality.Of(context, Role, column, key);
        Values = KeyValues.Of(context, Role, column);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Number of keys.</summary>
    public int ClassCount { get; }

    /// <summary>What the keys stand for; null if the column does not say.</summary>
    public KeyValues? Values { get; }

    /// <summary>Names of the classes: the keys' values, or their numbers.</summary>
    public IReadOnlyList<string> ClassNames => Values?.Texts ?? [.. Enumerable.Range(1, ClassCount).Select(key => key.ToString())];

    /// <summary>Refuses a column that is missing or no vector of keys, as far as a shape without sizes tells.</summary>
    public static SchemaShape.Column Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, Role, name);
        return column.IsKey && column.Kind != VectorKind.Scalar ? column : throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Describe());
    }

    /// <summary>The same label in other data, refused when its classes are not the same.</summary>
    public TagLabel In(IExceptionContext context, DataViewSchema schema)
    {
        var other = new TagLabel(context, schema, Name);
        return other.ClassNames.SequenceEqual(ClassNames) ? other : throw SchemaMismatch.IllTyped(
            context, Role, Name, $"the {ClassCount} classes of the training data, in the same order", schema[Name].Type.ToString()!);
    }

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
