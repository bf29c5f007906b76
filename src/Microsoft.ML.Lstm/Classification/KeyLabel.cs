using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>A label that is one of several classes: a key. The missing key is no label.</summary>
internal sealed class KeyLabel : IClassLabel
{
    private const string Expected = "a key, such as Conversion.MapValueToKey makes";
    private readonly Type _rawType;

    /// <summary>Finds the label in a schema.</summary>
    public KeyLabel(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, ILabelColumn.Role, name);
        if (column.Type is not KeyDataViewType key)
            throw SchemaMismatch.IllTyped(context, ILabelColumn.Role, name, Expected, column.Type.ToString()!);
        Name = name;
        _rawType = key.RawType;
        Classes = LabelClasses.Of(context, column, key);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>What the keys stand for.</summary>
    public LabelClasses Classes { get; }

    /// <inheritdoc/>
    public int OutputSize => Classes.Count;

    /// <summary>Refuses a column that is missing or no key, as far as a shape without sizes tells.</summary>
    public static SchemaShape.Column Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, ILabelColumn.Role, name);
        return column is { Kind: VectorKind.Scalar, IsKey: true } ? column : throw SchemaMismatch.IllTyped(context, ILabelColumn.Role, name, Expected, column.Describe());
    }

    /// <inheritdoc/>
    public IClassLabel In(IExceptionContext context, DataViewSchema schema)
    {
        var other = new KeyLabel(context, schema, Name);
        Classes.RequireSame(context, schema[Name], other.Classes);
        return other;
    }

    /// <inheritdoc/>
    public long[] Count(IExceptionContext context, SequenceDataset examples) =>
        ClassCounts.Of(context, examples, example => examples.Classes(example)[0], Classes.Names, Name);

    /// <inheritdoc/>
    public SequenceShape AddTo(SequenceShape shape) => shape with { Target = TargetKind.Class, TargetSize = 0 };

    /// <inheritdoc/>
    public ILabelReader Open(DataViewRow row) =>
        _rawType == typeof(byte) ? new Reader<byte>(row, Name)
        : _rawType == typeof(ushort) ? new Reader<ushort>(row, Name)
        : _rawType == typeof(uint) ? new Reader<uint>(row, Name)
        : new Reader<ulong>(row, Name);

    private sealed class Reader<T>(DataViewRow row, string name) : ILabelReader
        where T : unmanaged, IBinaryInteger<T>
    {
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(row.Schema[name]);
        private readonly KeyRange<T> _range = new(row, row.Schema[name]);
        private readonly int[] _class = new int[1];
        private T _key;

        public bool Read(out ReadOnlySpan<float> targets, out ReadOnlySpan<int> classes)
        {
            _getter(ref _key);
            _class[0] = _range.Checked(_key) - 1;
            targets = [];
            classes = _class;
            return _class[0] >= 0;
        }
    }
}
