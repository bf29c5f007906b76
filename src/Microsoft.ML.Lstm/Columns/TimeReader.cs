using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>Reads times of whatever type as exact numbers: ticks of 100 nanoseconds, in universal time if the type knows it, or the numbers that they are.</summary>
internal sealed class TimeReader
{
    private const string Role = "time";
    private const string Expected = "DateTime, DateTimeOffset, TimeSpan, Single, Double, Int32 or Int64";
    private readonly IExceptionContext _context;
    private readonly DataViewRow _row;
    private readonly Func<decimal> _read;
    private readonly Type _type;

    private TimeReader(IExceptionContext context, DataViewRow row, DataViewSchema.Column column)
    {
        (_context, _row, _type, Name) = (context, row, column.Type.RawType, column.Name);
        _read = _type == typeof(DateTime) ? Read<DateTime>(time => time.Ticks)
            : _type == typeof(DateTimeOffset) ? Read<DateTimeOffset>(time => time.UtcTicks)
            : _type == typeof(TimeSpan) ? Read<TimeSpan>(time => time.Ticks)
            : _type == typeof(float) ? Read<float>(time => Number(time))
            : _type == typeof(double) ? Read<double>(Number)
            : _type == typeof(int) ? Read<int>(time => time)
            : Read<long>(time => time);

        Func<decimal> Read<T>(Func<T, decimal> convert)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T time = default!;
            return () =>
            {
                getter(ref time);
                return convert(time);
            };
        }
    }

    /// <summary>Name of the column.</summary>
    public string Name { get; }

    /// <summary>Whether times are numbers rather than ticks.</summary>
    public bool IsNumber => IsNumeric(_type);

    /// <summary>Whether times are dates.</summary>
    public bool IsCalendar => !IsNumber && _type != typeof(TimeSpan);

    /// <summary>The column, if it is one of times.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or of another type.</exception>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, Role, name);
        return IsTime(column.Type) ? column : throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Type.ToString()!);
    }

    /// <summary>Refuses a column that is missing or not one of times.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or of another type.</exception>
    public static void Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, Role, name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.IsKey || !IsTime(column.ItemType))
            throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Describe());
    }

    /// <summary>Opens a reader of a column that <see cref="Find"/> found.</summary>
    public static TimeReader Open(IExceptionContext context, DataViewRow row, string name) => new(context, row, Find(context, row.Schema, name));

    /// <summary>The time of the row that the cursor is at.</summary>
    /// <exception cref="InvalidOperationException">It is not finite, or not between −1E+28 and 1E+28.</exception>
    public decimal Read() => _read();

    /// <summary>A time as text.</summary>
    public string Text(decimal time) => IsNumeric(_type) ? time.ToString(CultureInfo.InvariantCulture)
        : _type == typeof(TimeSpan) ? TimeSpan.FromTicks((long)time).ToString("c", CultureInfo.InvariantCulture)
        : new DateTime((long)time).ToString(_type == typeof(DateTime) ? "yyyy-MM-dd HH:mm:ss.FFFFFFF" : "yyyy-MM-dd HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static bool IsTime(DataViewType type) => type is not KeyDataViewType
        && (IsNumeric(type.RawType) || type.RawType == typeof(DateTime) || type.RawType == typeof(DateTimeOffset) || type.RawType == typeof(TimeSpan));

    private static bool IsNumeric(Type type) => type == typeof(float) || type == typeof(double) || type == typeof(int) || type == typeof(long);

    private decimal Number(double time) => Math.Abs(time) < 1e28
        ? (decimal)time
        : throw _context.Process(new InvalidOperationException(Invariant(
            $"Column '{Name}' has {time} in row {_row.Position}; expected a time between -1E+28 and 1E+28.")));
}
