using System.Globalization;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm;

/// <summary>
/// The time from one row of a series to its next, as <c>WindowSequence</c> wants it. A row that comes up to half a step early or late still follows;
/// where it comes later, rows are missing, and no window goes across. So days of 23 or 25 hours, months of 28 to 31 days, leap years and clocks that
/// jitter are no holes. A <see cref="TimeSpan"/>, or a number in the unit of the time column where that holds numbers, converts to a step.
/// </summary>
public readonly record struct TimeStep
{
    private const double DaysPerMonth = 30.436875;

    /// <summary>Creates a step; for reading a saved model.</summary>
    [JsonConstructor]
    internal TimeStep(decimal length, bool isNumber) => (Length, IsNumber) = (length, isNumber);

    /// <summary>Any time: order and duplicates are checked, holes are not. For rows that are evenly spaced by something else, such as trading days.</summary>
    public static TimeStep Any => default;

    /// <summary>Ticks of 100 nanoseconds, or a number in the time column's unit; 0: any.</summary>
    [JsonInclude]
    internal decimal Length { get; }

    /// <summary>Whether the time column holds numbers.</summary>
    [JsonInclude]
    internal bool IsNumber { get; }

    /// <summary>A step of calendar months.</summary>
    /// <param name="count">How many months, 1 or more.</param>
    public static TimeStep Months(int count)
    {
        Guard.RequireArgument(count > 0, nameof(count), count, "1 or more");
        return new((decimal)(count * DaysPerMonth * TimeSpan.TicksPerDay), isNumber: false);
    }

    /// <summary>A step of a fixed time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public static TimeStep FromTimeSpan(TimeSpan step)
    {
        Guard.RequireArgument(step > TimeSpan.Zero, nameof(step), step, "more than 0");
        return new(step.Ticks, isNumber: false);
    }

    /// <summary>A step in the unit of a time column of numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive, or too large.</exception>
    public static TimeStep FromDouble(double step)
    {
        Guard.RequireArgument(step is > 1e-15 and < 1e15, nameof(step), step, "more than 1E-15 and less than 1E+15");
        return new((decimal)step, isNumber: true);
    }

    /// <inheritdoc cref="FromTimeSpan"/>
    public static implicit operator TimeStep(TimeSpan step) => FromTimeSpan(step);

    /// <inheritdoc cref="FromDouble"/>
    public static implicit operator TimeStep(double step) => FromDouble(step);

    /// <inheritdoc/>
    public override string ToString() => Length == 0 ? "any"
        : IsNumber ? Length.ToString(CultureInfo.InvariantCulture)
        : TimeSpan.FromTicks((long)Length).ToString("c", CultureInfo.InvariantCulture);

    /// <summary>Whether a row follows another of its series, with none missing between.</summary>
    internal bool Spans(decimal difference) => Length == 0 || difference <= Length * 1.5m;
}
