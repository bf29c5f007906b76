using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Numbers the series of a data view 0, 1, 2, … as their group values appear.</summary>
internal sealed class GroupReader
{
    /// <summary>The types that a group column may have.</summary>
    public const string Expected = "String, a key, Boolean or a whole number";

    private static readonly Type[] Readable =
    [
        typeof(ReadOnlyMemory<char>), typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort),
        typeof(int), typeof(uint), typeof(long), typeof(ulong),
    ];

    private readonly Func<int> _read;
    private readonly List<string> _names = [];

    /// <summary>Opens a reader; without a column all rows are one series, with an empty name.</summary>
    public GroupReader(DataViewRow row, DataViewSchema.Column? column)
    {
        _read = column is not { } group ? OneSeries()
            : group.Type is TextDataViewType ? ReadText(row.GetGetter<ReadOnlyMemory<char>>(group))
            : Open(row, group);
    }

    /// <summary>Whether values of this type tell series apart.</summary>
    public static bool CanRead(DataViewType type) => Readable.Contains(type.RawType);

    /// <summary>The series of the row that the cursor is at.</summary>
    public int Read() => _read();

    /// <summary>The group value of a series, as text.</summary>
    public string NameOf(int series) => _names[series];

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
        return () =>
        {
            getter(ref value);
            return byCharacters.TryGetValue(value.Span, out int known) ? known : Add(series, value.ToString());
        };
    }

    private Func<int> ReadValue<T>(ValueGetter<T> getter)
        where T : notnull
    {
        var series = new Dictionary<T, int>();
        T value = default!;
        return () =>
        {
            getter(ref value);
            return series.TryGetValue(value, out int known) ? known : Add(series, value);
        };
    }

    private int Add<T>(Dictionary<T, int> series, T value)
        where T : notnull
    {
        series.Add(value, series.Count);
        _names.Add(FormattableString.Invariant($"{value}"));
        return series.Count - 1;
    }
}
