using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>A label that is one of several classes: a key. The missing key is no label.</summary>
internal sealed class KeyLabel : ILabelColumn
{
    private const string Role = "label";
    private const string Expected = "a key, such as Conversion.MapValueToKey makes";
    private readonly Type _rawType;

    /// <summary>Finds the label in a schema.</summary>
    public KeyLabel(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, Role, name);
        if (column.Type is not KeyDataViewType key)
            throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Type.ToString()!);
        Name = name;
        _rawType = key.RawType;
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

    /// <summary>Refuses a column that is missing or no key, as far as a shape without sizes tells.</summary>
    public static SchemaShape.Column Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, Role, name);
        return column is { Kind: VectorKind.Scalar, IsKey: true } ? column : throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Describe());
    }

    /// <summary>The same label in other data, refused when its classes are not the same.</summary>
    public KeyLabel In(IExceptionContext context, DataViewSchema schema)
    {
        var other = new KeyLabel(context, schema, Name);
        return other.ClassNames.SequenceEqual(ClassNames) ? other : throw SchemaMismatch.IllTyped(
            context, Role, Name, $"the {ClassCount} classes of the training data, in the same order", schema[Name].Type.ToString()!);
    }

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
        private readonly int[] _class = new int[1];
        private T _key;

        public bool Read(out ReadOnlySpan<float> targets, out ReadOnlySpan<int> classes)
        {
            _getter(ref _key);
            _class[0] = int.CreateChecked(_key) - 1;
            targets = [];
            classes = _class;
            return _class[0] >= 0;
        }
    }
}
