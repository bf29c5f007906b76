namespace Microsoft.ML.Lstm;

/// <summary>
/// What a forecaster is told of the time of each row, past and future: for each part of the calendar the sine and the cosine of where in its
/// period the time lies, so that 23 h lies beside 0 h.
/// </summary>
[Flags]
public enum CalendarFeatures
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The minute of the hour.</summary>
    MinuteOfHour = 1,

    /// <summary>The hour of the day, minutes included.</summary>
    HourOfDay = 2,

    /// <summary>The day of the week.</summary>
    DayOfWeek = 4,

    /// <summary>The day of the month.</summary>
    DayOfMonth = 8,

    /// <summary>The month of the year.</summary>
    MonthOfYear = 16,

    /// <summary>The day of the year.</summary>
    DayOfYear = 32,
}
