using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

public sealed class TimeStepTests
{
    private static readonly DateTime s_start = new(2024, 1, 31);

    public static TheoryData<TimeStep, string> Steps => new()
    {
        { TimeStep.Of(TimeSpan.FromHours(1)), "1 hour" },
        { TimeStep.Of(TimeSpan.FromMinutes(15)), "15 minutes" },
        { TimeStep.Of(TimeSpan.FromDays(7)), "7 days" },
        { TimeStep.OfMonths(1), "1 month" },
        { TimeStep.OfMonths(3), "3 months" },
        { TimeStep.OfMonths(12), "1 year" },
        { TimeStep.Weekdays, "1 weekday" },
    };

    [Fact]
    public void Cycles_StepsOfEveryKind_GivesTheRowsOfHourDayWeekAndYear()
    {
        Assert.Equal([12, 288, 2016], TimeStep.Of(TimeSpan.FromMinutes(5)).Cycles());
        Assert.Equal([24, 168], TimeStep.Of(TimeSpan.FromHours(1)).Cycles());
        Assert.Equal([7, 365], TimeStep.Of(TimeSpan.FromDays(1)).Cycles());
        Assert.Equal([52], TimeStep.Of(TimeSpan.FromDays(7)).Cycles());
        Assert.Equal([12], TimeStep.OfMonths(1).Cycles());
        Assert.Equal([4], TimeStep.OfMonths(3).Cycles());
        Assert.Equal([5], TimeStep.Weekdays.Cycles());
        Assert.Empty(TimeStep.OfMonths(12).Cycles());
        Assert.Empty(TimeStep.OfMonths(5).Cycles());
        Assert.Empty(TimeStep.Of(TimeSpan.FromDays(11)).Cycles());
        Assert.Empty(TimeStep.Of(TimeSpan.FromMinutes(7) + TimeSpan.FromTicks(1)).Cycles());
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void AddAndTryCount_AnyNumberOfSteps_AreInverse(TimeStep step, string text)
    {
        Assert.Equal(text, step.ToString());
        for (int n = 0; n < 60; n++)
        {
            Assert.True(step.TryCount(s_start, step.Add(s_start, n), out int steps), $"{step} {n}");
            Assert.Equal(n, steps);
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void AddAndSubtract_BeyondTheDatesThereAre_SayFromWhere(TimeStep step, string text)
    {
        string late = Assert.Throws<ArgumentOutOfRangeException>(() => step.Add(new DateTime(9999, 12, 31, 23, 50, 0), 1)).Message;
        Assert.Contains($"time is 9999-12-31 23:50:00, and 1 times {text} from there is no date", late, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => step.Subtract(new DateTime(1, 1, 1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => step.Add(s_start, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => step.Subtract(s_start, int.MinValue));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Infer_EvenTimesWithAGap_GivesTheStep(TimeStep step, string text)
    {
        DateTime[] times = [.. Enumerable.Range(0, 40).Where(i => i is < 20 or > 23).Select(i => step.Add(s_start, i))];
        Assert.Equal(text, TimeStep.Infer(times).ToString());
    }

    [Fact]
    public void Infer_FirstOfEachMonth_IsAMonth()
    {
        DateTime[] times = [.. Enumerable.Range(0, 30).Select(i => new DateTime(2020, 1, 1).AddMonths(i))];
        Assert.Equal(TimeStep.OfMonths(1), TimeStep.Infer(times));
    }

    [Fact]
    public void Infer_OneTime_IsNull() => Assert.Null(TimeStep.Infer([s_start]));

    [Fact]
    public void Infer_DaysWithWeekends_AreDays() =>
        Assert.Equal(TimeStep.Of(TimeSpan.FromDays(1)), TimeStep.Infer([.. Enumerable.Range(0, 20).Select(i => s_start.AddDays(i))]));

    [Fact]
    public void TryCount_BetweenTwoSteps_IsFalse()
    {
        Assert.False(TimeStep.Of(TimeSpan.FromHours(1)).TryCount(s_start, s_start.AddMinutes(90), out int hours));
        Assert.Equal(1, hours);
        Assert.False(TimeStep.OfMonths(1).TryCount(s_start, new DateTime(2024, 3, 15), out _));
        Assert.False(TimeStep.Weekdays.TryCount(s_start, new DateTime(2024, 2, 3), out _));
    }

    [Fact]
    public void Of_NotPositive_NamesValueAndExpectation()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => TimeStep.Of(TimeSpan.Zero));
        Assert.Contains("span is 00:00:00; expected more than zero", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeStep.OfMonths(0));
    }

    [Fact]
    public void Write_Midnight_LiesBesideTheLastMinute()
    {
        const CalendarFeatures All = CalendarFeatures.HourOfDay | CalendarFeatures.DayOfWeek | CalendarFeatures.DayOfYear;
        float[] before = new float[6], after = new float[6];
        CalendarEncoding.Write(All, new DateTime(2024, 12, 31, 23, 59, 0), before);
        CalendarEncoding.Write(All, new DateTime(2025, 1, 1, 0, 0, 0), after);
        Assert.Equal(6, CalendarEncoding.SizeOf(All));
        Assert.Equal(["hour sin", "hour cos", "weekday sin", "weekday cos", "day of year sin", "day of year cos"], CalendarEncoding.NamesOf(All));
        Assert.Equal(after[0], before[0], 0.01f);
        Assert.Equal(after[1], before[1], 0.01f);
        Assert.Equal(after[4], before[4], 0.03f);
        Assert.Equal(after[5], before[5], 0.03f);
    }

    [Fact]
    public void Fill_Gaps_StandsInFromTheNeighbours()
    {
        float[] last = [float.NaN, 1, float.NaN, float.NaN, 4, float.NaN], linear = [.. last], none = [float.NaN];
        GapFilling.FillLast(last);
        GapFilling.FillLinear(linear);
        GapFilling.FillLinear(none);
        Assert.Equal([1, 1, 1, 1, 4, 4], last);
        Assert.Equal([1, 1, 2, 3, 4, 4], linear);
        Assert.True(float.IsNaN(none[0]));
    }
}
