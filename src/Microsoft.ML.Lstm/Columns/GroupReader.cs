using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>Numbers the series of a data view 0, 1, 2, … as their group values appear.</summary>
internal sealed class GroupReader
{
    private const string Role = "group";
    /// <summary>The types that a group column may have.</summary>
    public const string Expected = "String, a key, Boolean or a whole number";

    private static readonly Type[] Readable =
    [
        typeof(ReadOnlyMemory<char>), typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort),
        typeof(int), typeof(uint), typeof(long), typeof(ulong),
    ];

    private readonly Func<int> _read;
    private readonly List<string> _names = [];
    private readonly Stack<int> _free = [];
    // Null: all rows are one series, whose number is never another's.
    private Action<int>? _forget;

    /// <summary>Opens a reader; without a column all rows are one series, with an empty name.</summary>
    public GroupReader(DataViewRow row, DataViewSchema.Column? column)
    {
        _read = column is not { } group ? OneSeries()
            : group.Type is TextDataViewType ? ReadText(row.GetGetter<ReadOnlyMemory<char>>(group))
            : Open(row, group);
    }

    /// <summary>Whether values of this type tell series apart.</summary>
    public static bool CanRead(DataViewType type) => Readable.Contains(type.RawType);

    /// <summary>The column, if its values tell series apart.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or of another type.</exception>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, Role, name);
        return CanRead(column.Type) ? column : throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Type.ToString()!);
    }

    /// <summary>Refuses a column that is missing or does not tell series apart.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or of another type.</exception>
    public static void Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, Role, name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !CanRead(column.ItemType))
            throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Describe());
    }

    /// <summary>The series of the row that the cursor is at.</summary>
    public int Read() => _read();

    /// <summary>What the series are called, by number.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The group value of a series, as text.</summary>
    public string NameOf(int series) => _names[series];

    /// <summary>Forgets a series: its number is given to the next new one, which it is itself if it comes again.</summary>
    public void Forget(int series)
    {
        if (_forget is null)
            return;
        _forget(series);
        _free.Push(series);
    }

    /// <summary>The series as part of a message; nothing if all rows are one.</summary>
    public string Of(int series) => _names[series].Length > 0 ? Invariant($" of series '{_names[series]}'") : "";

    private Func<int> Open(DataViewRow row, DataViewSchema.Column group) => Type.GetTypeCode(group.Type.RawType) switch
    {
        TypeCode.Boolean => ReadValue(row.GetGetter<bool>(group)),
        TypeCode.SByte => ReadValue(row.GetGetter<sbyte>(group)),
        TypeCode.Byte => ReadValue(row.GetGetter<byte>(group)),
        TypeCode.Int16 => ReadValue(row.GetGetter<short>(group)),
        TypeCode.UInt16 => ReadValue(row.GetGetter<ushort>(group)),
        TypeCode.Int32 => ReadValue(row.GetGetter<int>(group)),
        TypeCode.UInt32 => ReadValue(row.GetGetter<uint>(group)),
        TypeCode.Int64 => ReadValue(row.GetGetter<long>(group)),
        _ => ReadValue(row.GetGetter<ulong>(group)),
    };

    private Func<int> OneSeries()
    {
        _names.Add("");
        return () => 0;
    }

    // Looked up by its characters: a text is made of them only for a series not seen before.
    private Func<int> ReadText(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        var series = new Dictionary<string, int>();
        var byCharacters = series.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlyMemory<char> value = default;
        _forget = number => series.Remove(_names[number]);
        return () =>
        {
            getter(ref value);
            return byCharacters.TryGetValue(value.Span, out int known) ? known : series[value.ToString()] = Add(value.ToString());
        };
    }

    private Func<int> ReadValue<T>(ValueGetter<T> getter)
        where T : notnull
    {
        var series = new Dictionary<T, int>();
        var values = new List<T>();
        T value = default!;
        _forget = number => series.Remove(values[number]);
        return () =>
        {
            getter(ref value);
            if (series.TryGetValue(value, out int known))
                return known;
            int number = Add(Invariant($"{value}"));
            if (number == values.Count)
                values.Add(value);
            values[number] = value;
            return series[value] = number;
        };
    }

    private int Add(string name)
    {
        if (_free.TryPop(out int number))
        {
            _names[number] = name;
            return number;
        }
        _names.Add(name);
        return _names.Count - 1;
    }
}
