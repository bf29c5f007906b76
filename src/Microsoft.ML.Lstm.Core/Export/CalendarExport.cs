using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// Calendar features of a time in seconds since 1970 (<see cref="CalendarEncoding"/>): day, month and year by whole numbers alone, as
/// Hinnant has it ("chrono-Compatible Low-Level Date Algorithms", 2013), whose year begins in March, so that the day which some years have
/// more is its last.
/// </summary>
internal sealed class CalendarExport
{
    // Days from 1 March of the year 0 to 1 January 1970.
    private const long DaysBefore1970 = 719468, SecondsPerDay = 86400;
    private readonly IOnnxGraph _graph;
    private readonly string _days, _seconds, _month, _day, _isLeap;

    public CalendarExport(IOnnxGraph graph, string time)
    {
        _graph = graph;
        string shifted = graph.Add(time, graph.Number(DaysBefore1970 * SecondsPerDay));
        (_days, _seconds) = Split(shifted, SecondsPerDay);
        (string era, string dayOfEra) = Split(_days, 146097);
        string corrected = graph.Subtract(graph.Add(graph.Subtract(dayOfEra, By(dayOfEra, 1460)), By(dayOfEra, 36524)),
            By(dayOfEra, 146096));
        string yearOfEra = By(corrected, 365);
        string before = graph.Subtract(graph.Add(Times(yearOfEra, 365), By(yearOfEra, 4)), By(yearOfEra, 100));
        string dayOfYear = graph.Subtract(dayOfEra, before);
        string march = By(Plus(Times(dayOfYear, 5), 2), 153);
        _day = Plus(graph.Subtract(dayOfYear, By(Plus(Times(march, 153), 2), 5)), 1);
        _month = graph.Where(graph.Op("Less", march, graph.Number(10L)), Plus(march, 3), Plus(march, -9));
        string year = graph.Add(graph.Add(yearOfEra, Times(era, 400)),
            graph.Cast(graph.Op("Less", _month, graph.Number(3L)), OnnxType.Int64));
        _isLeap = graph.Cast(graph.Op("Or", graph.Op("And", IsMultiple(year, 4), graph.Op("Not", IsMultiple(year, 100))),
            IsMultiple(year, 400)), OnnxType.Int64);
    }

    /// <summary>[sine, cosine] of each feature, along a new last axis.</summary>
    public string Write(CalendarFeatures features)
    {
        List<string> values = [];
        foreach (CalendarFeatures feature in Enum.GetValues<CalendarFeatures>().Where(feature => feature != CalendarFeatures.None
            && features.HasFlag(feature)))
        {
            string angle = _graph.Multiply(Phase(feature), _graph.Number((float)(2 * Math.PI)));
            values.Add(_graph.Unsqueeze(_graph.Op("Sin", angle), 2));
            values.Add(_graph.Unsqueeze(_graph.Op("Cos", angle), 2));
        }
        return _graph.Concat(2, [.. values]);
    }

    private string Phase(CalendarFeatures feature) => feature switch
    {
        CalendarFeatures.MinuteOfHour => Share(Split(_seconds, 3600).Remainder, 3600),
        CalendarFeatures.HourOfDay => Share(_seconds, SecondsPerDay),
        CalendarFeatures.DayOfWeek => Share(Split(Plus(_days, 3), 7).Remainder, 7),
        CalendarFeatures.DayOfMonth => Share(Plus(_day, -1), DaysInMonth()),
        CalendarFeatures.MonthOfYear => Share(Plus(_month, -1), 12),
        _ => Share(DayOfYear(), Plus(_isLeap, 365)),
    };

    private string DaysInMonth() => _graph.Add(
        OfMonth([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]), LeapDayIn(_graph.Op("Equal", _month, _graph.Number(2L))));

    private string OfMonth(long[] values) => _graph.Gather(_graph.Integers(values), Plus(_month, -1), 0);

    private string DayOfYear() => _graph.Add(
        _graph.Add(OfMonth([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]), Plus(_day, -1)),
        LeapDayIn(_graph.Op("Greater", _month, _graph.Number(2L))));

    private string LeapDayIn(string condition) => _graph.Multiply(_isLeap, _graph.Cast(condition, OnnxType.Int64));

    private string IsMultiple(string value, long of) => _graph.Op("Equal", Split(value, of).Remainder, _graph.Number(0L));

    private (string Quotient, string Remainder) Split(string value, long by)
    {
        string quotient = By(value, by);
        return (quotient, _graph.Subtract(value, Times(quotient, by)));
    }

    private string By(string value, long by) => _graph.Divide(value, _graph.Number(by));

    private string Times(string value, long by) => _graph.Multiply(value, _graph.Number(by));

    private string Plus(string value, long by) => _graph.Add(value, _graph.Number(by));

    private string Share(string value, long of) => Share(value, _graph.Number(of));

    private string Share(string value, string of) =>
        _graph.Cast(_graph.Divide(_graph.Cast(value, OnnxType.Double), _graph.Cast(of, OnnxType.Double)), OnnxType.Float);
}
