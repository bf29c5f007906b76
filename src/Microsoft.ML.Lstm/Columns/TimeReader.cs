using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// Reads when a row is from. A time of whatever type is an exact number, by which rows are ordered: ticks of 100 nanoseconds, in coordinated universal
/// time if the type knows it (there no hour comes twice when the clocks change), or the number that it is. A date also has the time on the clock, which
/// the calendar is of.
/// </summary>
internal sealed class TimeReader
{
    /// <summary>What a date is read from.</summary>
    public const string ExpectedDate = "DateTime or DateTimeOffset";

    /// <summary>What the column is to its reader.</summary>
    public const string Role = "time";

    /// <summary>What a time that is a number is read from.</summary>
    public const string ExpectedNumber = "Single, Double, Int32 or Int64";

    private const string Expected = "DateTime, DateTimeOffset, TimeSpan, " + ExpectedNumber;
    private readonly IExceptionContext _context;
    private readonly DataViewRow _row;
    private readonly Func<(decimal Order, decimal Clock)> _read;
    private readonly Type _type;

    private TimeReader(IExceptionContext context, DataViewRow row, DataViewSchema.Column column)
    {
        (_context, _row, _type, Name) = (context, row, column.Type.RawType, column.Name);
        _read = _type == typeof(DateTime) ? Read<DateTime>(time => (Known(time.Ticks), time.Ticks))
            : _type == typeof(DateTimeOffset) ? Read<DateTimeOffset>(time => (Known(time.UtcTicks), time.Ticks))
            : _type == typeof(TimeSpan) ? Same<TimeSpan>(time => time.Ticks)
            : _type == typeof(float) ? Same<float>(time => Number(time))
            : _type == typeof(double) ? Same<double>(Number)
            : _type == typeof(int) ? Same<int>(time => time)
            : Same<long>(time => time);

        Func<(decimal, decimal)> Same<T>(Func<T, decimal> convert) => Read<T>(time => (convert(time), convert(time)));

        Func<(decimal, decimal)> Read<T>(Func<T, (decimal, decimal)> convert)
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
    public bool IsCalendar => IsDate(_type);

    /// <summary>Whether the times of a column of this type are numbers.</summary>
    public static bool CanReadNumbers(DataViewType type) => type is not KeyDataViewType && IsNumeric(type.RawType);

    /// <summary>Whether the times of a column of this type are dates.</summary>
    public static bool CanReadDates(DataViewType type) => type is not KeyDataViewType && IsDate(type.RawType);

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
    /// <exception cref="InvalidOperationException">It is not finite, or not between −1E+28 and 1E+28, or the row has no date.</exception>
    public decimal Read() => _read().Order;

    /// <summary>The date of the row that the cursor is at, in a column of dates: the one that orders rows, and the one on the clock.</summary>
    /// <exception cref="InvalidOperationException">The row has none.</exception>
    public (DateTime Order, DateTime Clock) ReadDate()
    {
        (decimal order, decimal clock) = _read();
        return (new DateTime((long)order), new DateTime((long)clock));
    }

    /// <summary>A time as text.</summary>
    public string Text(decimal time) => IsNumeric(_type) ? time.ToString(CultureInfo.InvariantCulture)
        : _type == typeof(TimeSpan) ? TimeSpan.FromTicks((long)time).ToString("c", CultureInfo.InvariantCulture)
        : new DateTime((long)time).ToString(_type == typeof(DateTime) ? "yyyy-MM-dd HH:mm:ss.FFFFFFF" : "yyyy-MM-dd HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static bool IsTime(DataViewType type) => type is not KeyDataViewType
        && (IsNumeric(type.RawType) || IsDate(type.RawType) || type.RawType == typeof(TimeSpan));

    private static bool IsDate(Type type) => type == typeof(DateTime) || type == typeof(DateTimeOffset);

    private static bool IsNumeric(Type type) => type == typeof(float) || type == typeof(double) || type == typeof(int) || type == typeof(long);

    private decimal Number(double time) => Math.Abs(time) < 1e28
        ? (decimal)time
        : throw _context.Process(new InvalidOperationException(Invariant(
            $"Column '{Name}' has {time} in row {_row.Position}; expected a time between -1E+28 and 1E+28.")));

    // What ML.NET reads from an empty field is the first of all days.
    private decimal Known(long ticks) => ticks > TimeSpan.TicksPerDay
        ? ticks
        : throw _context.Process(new InvalidOperationException(Invariant($"Column '{Name}' has no time in row {_row.Position}; expected one in every row.")));
}
