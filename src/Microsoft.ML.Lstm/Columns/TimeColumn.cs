using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>The column that says when each row is from.</summary>
internal static class TimeColumn
{
    private const string Role = "time";

    /// <summary>Counts the rows, and refuses rows in which time goes backwards.</summary>
    /// <exception cref="InvalidOperationException">Names the row, both times, or a missing time.</exception>
    public static long CheckOrder(IExceptionContext context, IDataView data, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, data.Schema, Role, name);
        Type type = column.Type.RawType;
        return column.Type is KeyDataViewType ? throw IllTyped()
            : type == typeof(DateTime) ? CheckOrder<DateTime>(context, data, column)
            : type == typeof(DateTimeOffset) ? CheckOrder<DateTimeOffset>(context, data, column)
            : type == typeof(TimeSpan) ? CheckOrder<TimeSpan>(context, data, column)
            : type == typeof(float) ? CheckOrder<float>(context, data, column)
            : type == typeof(double) ? CheckOrder<double>(context, data, column)
            : type == typeof(int) ? CheckOrder<int>(context, data, column)
            : type == typeof(long) ? CheckOrder<long>(context, data, column)
            : throw IllTyped();

        Exception IllTyped() => SchemaMismatch.IllTyped(context, Role, name, "DateTime, DateTimeOffset, TimeSpan, Single, Double, Int32 or Int64", column.Type.ToString()!);
    }

    private static long CheckOrder<T>(IExceptionContext context, IDataView data, DataViewSchema.Column column)
        where T : struct, IComparable<T>
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        long rows = 0;
        T before = default, time = default;
        for (; cursor.MoveNext(); rows++, before = time)
        {
            getter(ref time);
            if (rows > 0 && time.CompareTo(before) < 0)
                throw context.Process(new InvalidOperationException(FormattableString.Invariant(
                    $"Column '{column.Name}' has {time} in row {rows} after {before} in row {rows - 1}; expected times that never go backwards.")));
        }
        return rows;
    }
}
