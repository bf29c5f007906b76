using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Reads when a row is from.</summary>
internal static class TimeReader
{
    public const string Role = "time", Expected = "DateTime or DateTimeOffset";

    /// <summary>Whether a column of this type says when a row is from.</summary>
    public static bool CanRead(DataViewType type) => type is DateTimeDataViewType or DateTimeOffsetDataViewType;

    /// <summary>
    /// Opens a reader of two times of a row: one that orders rows (a <see cref="DateTimeOffset"/> as coordinated universal time, in which no hour comes twice when the
    /// clocks change), and the one on the clock, which the calendar is of.
    /// </summary>
    public static Func<(DateTime Order, DateTime Clock)> Open(IExceptionContext context, DataViewRow row, string name)
    {
        DataViewSchema.Column column = row.Schema[name];
        if (column.Type is DateTimeOffsetDataViewType)
        {
            ValueGetter<DateTimeOffset> offset = row.GetGetter<DateTimeOffset>(column);
            DateTimeOffset time = default;
            return () =>
            {
                offset(ref time);
                return Known(time.UtcDateTime, time.DateTime);
            };
        }
        ValueGetter<DateTime> getter = row.GetGetter<DateTime>(column);
        DateTime value = default;
        return () =>
        {
            getter(ref value);
            return Known(value, value);
        };

        (DateTime, DateTime) Known(DateTime order, DateTime clock) => order > DateTime.MinValue.AddDays(1)
            ? (order, clock)
            : throw context.Process(new InvalidOperationException(FormattableString.Invariant($"Column '{name}' has no time in row {row.Position}; expected one in every row.")));
    }
}
