using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// What the keys of a column stand for, such as the names of classes: the annotation that <c>MapValueToKey</c> leaves and <c>MapKeyToValue</c>
/// reads. Saved with the model.
/// </summary>
/// <param name="ItemType">The values' type, as ML.NET writes it.</param>
/// <param name="Texts">The values as text that can be read back, the value of key 1 first.</param>
internal sealed record KeyValues(string ItemType, IReadOnlyList<string> Texts)
{
    private const string Kind = "KeyValues";

    /// <summary>Whether the keys stand for text.</summary>
    [JsonIgnore]
    public bool IsText => ItemType == TextDataViewType.Instance.ToString();

    private static readonly ValueKind[] Kinds =
    [
        new ValueKind<ReadOnlyMemory<char>>(TextDataViewType.Instance, value => value.ToString(), text => text.AsMemory()),
        new ValueKind<bool>(BooleanDataViewType.Instance, value => value.ToString(), bool.Parse),
        new ValueKind<DateTime>(DateTimeDataViewType.Instance,
            value => value.ToString("O", CultureInfo.InvariantCulture),
            text => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
        new ValueKind<DateTimeOffset>(DateTimeOffsetDataViewType.Instance,
            value => value.ToString("O", CultureInfo.InvariantCulture), text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)),
        new ValueKind<TimeSpan>(TimeSpanDataViewType.Instance,
            value => value.ToString("c", CultureInfo.InvariantCulture), text => TimeSpan.Parse(text, CultureInfo.InvariantCulture)),
        Number<float>(NumberDataViewType.Single, NumberStyles.Float), Number<double>(NumberDataViewType.Double, NumberStyles.Float),
        Number<sbyte>(NumberDataViewType.SByte), Number<byte>(NumberDataViewType.Byte),
        Number<short>(NumberDataViewType.Int16), Number<ushort>(NumberDataViewType.UInt16),
        Number<int>(NumberDataViewType.Int32), Number<uint>(NumberDataViewType.UInt32),
        Number<long>(NumberDataViewType.Int64), Number<ulong>(NumberDataViewType.UInt64),
    ];

    /// <summary>The values of a column's keys; null if it does not say.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are of a type that cannot be written as text.</exception>
    public static KeyValues? Of(IExceptionContext context, string role, DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Kind)?.Type is not VectorDataViewType { IsKnownSize: true } type)
            return null;
        ValueKind kind = Kinds.FirstOrDefault(k => k.Type.Equals(type.ItemType))
            ?? throw SchemaMismatch.IllTyped(context, role, column.Name, "keys of text, numbers, Booleans or times", Invariant($"keys of {type.ItemType}"));
        return new KeyValues(type.ItemType.ToString()!, kind.Read(column));
    }

    /// <summary>The shape of the annotation on a column that has one; empty if it has none.</summary>
    public static IEnumerable<SchemaShape.Column> ShapeOn(SchemaShape.Column column) =>
        column.Annotations.Where(a => a.Name == Kind && a.Kind == SchemaShape.Column.VectorKind.Vector);

    /// <summary>Writes the annotation.</summary>
    public void AddTo(DataViewSchema.Annotations.Builder builder) =>
        Kinds.Single(k => k.Type.ToString() == ItemType).AddTo(builder, Texts);

    // No thousands: "1,5" is no number, and not 15.
    private static ValueKind<T> Number<T>(NumberDataViewType type, NumberStyles styles = NumberStyles.AllowLeadingSign)
        where T : INumber<T> => new(type, value => value.ToString(null, CultureInfo.InvariantCulture), text => T.Parse(text, styles, CultureInfo.InvariantCulture));

    /// <summary>A type that values can have.</summary>
    private abstract class ValueKind(PrimitiveDataViewType type)
    {
        public PrimitiveDataViewType Type => type;

        public abstract string[] Read(DataViewSchema.Column column);

        public abstract void AddTo(DataViewSchema.Annotations.Builder builder, IReadOnlyList<string> texts);
    }

    private sealed class ValueKind<T>(PrimitiveDataViewType type, Func<T, string> write, Func<string, T> parse) : ValueKind(type)
    {
        public override string[] Read(DataViewSchema.Column column)
        {
            VBuffer<T> values = default;
            column.Annotations.GetValue(Kind, ref values);
            return [.. values.DenseValues().Select(write)];
        }

        public override void AddTo(DataViewSchema.Annotations.Builder builder, IReadOnlyList<string> texts)
        {
            T[] values = [.. texts.Select(parse)];
            builder.Add(Kind, new VectorDataViewType(Type, values.Length), (ref VBuffer<T> destination) => VectorValue.Set<T>(values, ref destination));
        }
    }
}
