using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Windowing;

public class WindowTimeTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(4, 2, 1, false)]
    [InlineData(3, 0, 2, false)]
    [InlineData(1, 3, 1, true)]
    [InlineData(5, 1, 3, true)]
    public void Transform_HourlySeriesWithHoles_NoWindowCrossesOne(int length, int horizon, int stride, bool groups)
    {
        Stamped[] rows = [.. Hours(60).Where(r => r.Value is not (13 or 14 or 15 or 40))];
        if (groups)
            rows = [.. rows, .. Hours(30).Where(r => r.Value != 20).Select(r => r with { Group = "b" })];

        float[][] spans = [.. Spans(rows, length, horizon, stride, null)];

        Assert.All(spans, span => Assert.Equal(Enumerable.Range((int)span[0], span.Length).Select(v => (float)v), span));
        int[] runs = groups ? [13, 24, 19, 20, 9] : [13, 24, 19];
        Assert.Equal(runs.Sum(run => run < length + horizon ? 0 : (run - length - horizon) / stride + 1), spans.Length);
    }

    [Fact]
    public void Transform_Holes_SaysOnceHowManyWindowsWereLeftOut()
    {
        var warnings = new ChannelWarnings(_ml);
        Stamped[] rows = [.. Hours(63).Where(r => r.Value is not (13 or 14 or 15))];
        IDataView windows = Slide(rows, 4, 1, 1, null);

        for (int pass = 0; pass < 3; pass++)
            Assert.Equal(52, windows.GetColumn<float[]>("Window").Count());

        string warning = Assert.Single(warnings.Messages);
        Assert.Contains("'Time' has 1 hole, the first from 2024-01-01 12:00:00 to 2024-01-01 16:00:00 (row 13), at a step of 01:00:00. 4 windows across them left out", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 3, "'Time' has 2024-01-01 03:00:00 in row 5 after 2024-01-01 04:00:00 in row 4; expected times in ascending order within a series.")]
    [InlineData(5, 4, "'Time' has 2024-01-01 04:00:00 in row 5 after 2024-01-01 04:00:00 in row 4; expected each time once within a series; clocks that are set back")]
    public void Transform_TimeOutOfOrderOrTwice_NamesRowsAndTimes(int row, int hour, string expected)
    {
        Stamped[] rows = Hours(10);
        rows[row] = rows[row] with { Time = rows[hour].Time };

        var error = Assert.Throws<InvalidOperationException>(() => Spans(rows, 3, 1, 1, TimeStep.Of(TimeSpan.FromHours(1))).Count());
        var whileFitting = Assert.Throws<InvalidOperationException>(() => Slide(rows, 3, 1, 1, null));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, whileFitting.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_TimeOutOfOrderInOneOfInterleavedSeries_NamesTheSeries()
    {
        Stamped[] rows = [.. Hours(6).SelectMany(r => new[] { r, r with { Group = "b" } })];
        rows[7] = rows[7] with { Time = rows[3].Time };

        var error = Assert.Throws<InvalidOperationException>(() => Spans(rows, 2, 1, 1, null).Count());

        Assert.Contains("in row 7 after 2024-01-01 02:00:00 in row 5 of series 'b'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("months")]
    [InlineData("years")]
    [InlineData("days over a change of clocks")]
    [InlineData("hours over a change of clocks, with offsets")]
    [InlineData("a clock that jitters")]
    [InlineData("numbers")]
    public void Fit_StepNotGiven_EvenSpacingHasNoHole(string spacing)
    {
        DateTimeOffset start = new(2023, 10, 1, 0, 0, 0, TimeSpan.FromHours(2));
        IDataView data = spacing switch
        {
            "months" => _ml.Data.LoadFromEnumerable(Hours(60).Select((r, i) => r with { Time = new DateTime(2019, 1, 31).AddMonths(i) })),
            "years" => _ml.Data.LoadFromEnumerable(Hours(60).Select((r, i) => r with { Time = new DateTime(1960, 1, 1).AddYears(i) })),
            "a clock that jitters" => _ml.Data.LoadFromEnumerable(Hours(60).Select((r, i) => r with { Time = r.Time.AddSeconds(17 * (i % 7)) })),
            "numbers" => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Numbered { Time = 0.1 * i, Value = i })),
            _ => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Zoned { Time = Berlin(start, spacing[0] == 'd' ? i * 24 : 600 + i, spacing[0] == 'd'), Value = i })),
        };

        Assert.Equal(51, Slide(data, 8, 2, 1, null).GetColumn<float[]>("Window").Count());
    }

    [Fact]
    public void Fit_MonthMissing_IsAHole()
    {
        Stamped[] rows = [.. Hours(40).Select((r, i) => r with { Time = new DateTime(2019, 1, 1).AddMonths(i) }).Where(r => r.Value != 25)];

        Assert.Equal(24 + 13, Slide(rows, 2, 0, 1, null).GetColumn<float[]>("Window").Count());
        Assert.Equal(24 + 13, Slide(rows, 2, 0, 1, TimeStep.OfMonths(1)).GetColumn<float[]>("Window").Count());
    }

    [Fact]
    public void Transform_TradingDays_WeekendsAreNoHolesAndHolidaysMayBeAllowed()
    {
        Stamped[] rows = [.. Hours(60).Select((r, i) => r with { Time = new DateTime(2024, 1, 1).AddDays(i) }).Where(r => r.Time.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))];
        Stamped[] withHoliday = [.. rows.Where(r => r.Time != new DateTime(2024, 1, 24))];

        Assert.Equal(rows.Length - 10, Spans(rows, 10, 1, 1, null).Count());
        Assert.Equal(rows.Length - 10, Spans(rows, 10, 1, 1, TimeStep.Weekdays).Count());
        Assert.Equal(rows.Length - 20 - 1, Spans(withHoliday, 10, 1, 1, null).Count());
        Assert.Equal(rows.Length - 10 - 1, Slide(_ml.Data.LoadFromEnumerable(withHoliday), 10, 1, 1, null, "Group", allowHoles: true).GetColumn<float>("Next").Count());
    }

    [Fact]
    public void Transform_HolesEverywhere_SaysWhatCanBeDone()
    {
        Stamped[] rows = [.. Hours(60).Where(r => r.Value % 6 < 5)];

        var error = Assert.Throws<InvalidOperationException>(() => Spans(rows, 10, 1, 1, null).Count());

        Assert.Contains("No window of column 'Value' is complete, with 9 holes in column 'Time', the first from 2024-01-01 04:00:00 to 2024-01-01 06:00:00 (row 5)", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected 11 rows in a row, the window length (10) plus horizon (1). The step is 01:00:00; timeStep can set another", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_SeriesTooShort_AreNamedOnce()
    {
        var warnings = new ChannelWarnings(_ml);
        Stamped[] rows = [.. Hours(20), .. new[] { "b", "c", "d", "e" }.SelectMany((name, i) => Hours(i + 1).Select(r => r with { Group = name }))];
        IDataView windows = Slide(rows, 5, 2, 1, null);

        Assert.Equal([14, 14], Enumerable.Range(0, 2).Select(_ => windows.GetColumn<float[]>("Window").Count()));

        Assert.Contains("4 of 5 series gave no window, which takes 7 rows, the window length (5) plus horizon (2): 'b' (1 row), 'c' (2 rows), 'd' (3 rows), …", Assert.Single(warnings.Messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timeStep is 1 hour; expected null, since timeColumnName is null", null)]
    public void WindowSequence_StepWithoutTime_IsRefused(string expected, string? time) =>
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.WindowSequence("W", ["Value"], 2, timeColumnName: time, timeStep: TimeStep.Of(TimeSpan.FromHours(1)))).Message, StringComparison.Ordinal);

    [Fact]
    public void Fit_ColumnIsNoTime_NamesIt()
    {
        var estimator = _ml.Transforms.WindowSequence("W", ["Value"], 2, timeColumnName: "Group");

        Assert.Contains("time column 'Group': expected DateTime", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(_ml.Data.LoadFromEnumerable(Hours(5)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "time column 'Time': expected DateTime, DateTimeOffset or TimeSpan, since the time step is 1 hour, got Double")]
    [InlineData(false, "time column 'Time': expected DateTime or DateTimeOffset, since the time step is 1 weekday, got TimeSpan")]
    public void Fit_StepDoesNotSuitTheTimes_NamesColumnAndStep(bool numbers, string expected)
    {
        IDataView data = numbers ? _ml.Data.LoadFromEnumerable([new Numbered()]) : _ml.Data.LoadFromEnumerable([new Elapsed()]);
        TimeStep step = numbers ? TimeStep.Of(TimeSpan.FromHours(1)) : TimeStep.Weekdays;
        var estimator = _ml.Transforms.WindowSequence("W", ["Value"], 2, timeColumnName: "Time", timeStep: step);

        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(Shapes.Of(data.Schema))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_TimesOfAnotherKindThanFitted_NamesColumnAndStep()
    {
        IDataView hours = _ml.Data.LoadFromEnumerable(Hours(9)), numbers = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 9).Select(i => new Numbered { Time = i }));
        var estimator = _ml.Transforms.WindowSequence("W", ["Value"], 2, timeColumnName: "Time");

        var onNumbers = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(hours).Transform(numbers));
        var onHours = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(numbers).Transform(hours));

        Assert.Contains("'Time': expected DateTime, DateTimeOffset or TimeSpan, since the time step is 01:00:00, got Double", onNumbers.Message, StringComparison.Ordinal);
        Assert.Contains("'Time': expected Single, Double, Int32 or Int64, since the time step is 1, got DateTime", onHours.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_RowWithoutTime_NamesColumnAndRow()
    {
        Stamped[] rows = Hours(9);
        rows[0] = rows[0] with { Time = default };

        var error = Assert.Throws<InvalidOperationException>(() => Slide(rows, 2, 1, 1, null));

        Assert.Contains("Column 'Time' has no time in row 0; expected one in every row.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ShuffleRows", true)]
    [InlineData("TrainTestSplit", true)]
    [InlineData("FilterRowsByMissingValues", true)]
    [InlineData("BootstrapSample", true)]
    [InlineData("TakeRows", false)]
    [InlineData("ChronologicalSplit", false)]
    public void Fit_RowsScatteredBefore_Warns(string how, bool warns)
    {
        var warnings = new ChannelWarnings(_ml);
        IDataView rows = _ml.Data.LoadFromEnumerable(Hours(40));
        IDataView data = _ml.Transforms.CopyColumns("Copy", "Value").Fit(rows).Transform(how switch
        {
            "ShuffleRows" => _ml.Data.ShuffleRows(rows),
            "TrainTestSplit" => _ml.Data.TrainTestSplit(rows).TrainSet,
            "FilterRowsByMissingValues" => _ml.Data.FilterRowsByMissingValues(rows, "Value"),
            "BootstrapSample" => _ml.Data.BootstrapSample(rows),
            "TakeRows" => _ml.Data.TakeRows(rows, 30),
            _ => _ml.Data.ChronologicalSplit(rows).TrainSet,
        });

        _ml.Transforms.WindowSequence("W", ["Value"], 3).Fit(data);

        if (warns)
            Assert.Contains(how, Assert.Single(warnings.Messages), StringComparison.Ordinal);
        else
            Assert.Empty(warnings.Messages);
    }

    [Fact]
    public void Fit_TrainerOnRandomWindows_Warns()
    {
        var warnings = new ChannelWarnings(_ml);
        IDataView windows = Slide(Hours(60), 5, 1, 1, null);
        var trainer = _ml.Regression.Trainers.LstmRegressor("Next", "Window", numberOfEpochs: 1);

        trainer.Fit(windows);
        Assert.DoesNotContain(warnings.Messages, m => m.Contains("drawn at random", StringComparison.Ordinal));
        _ml.Regression.CrossValidate(windows, trainer, 2, "Next");

        Assert.Contains(warnings.Messages, m => m.Contains("'Window' were drawn at random", StringComparison.Ordinal) && m.Contains("RollingOriginSplit", StringComparison.Ordinal));
    }

    // Wall-clock time in Berlin, whose clocks went back on 2023-10-29 at 01:00 UTC.
    private static DateTimeOffset Berlin(DateTimeOffset start, int hours, bool midnight)
    {
        DateTime wall = start.DateTime.AddHours(hours);
        if (midnight)
            return new(wall, TimeSpan.FromHours(wall < new DateTime(2023, 10, 29, 3, 0, 0) ? 2 : 1));
        DateTimeOffset universal = start.AddHours(hours);
        return universal.ToOffset(TimeSpan.FromHours(universal.UtcDateTime < new DateTime(2023, 10, 29, 1, 0, 0) ? 2 : 1));
    }

    private IEnumerable<float[]> Spans(Stamped[] rows, int length, int horizon, int stride, TimeStep? step)
    {
        IDataView windows = Slide(rows, length, horizon, stride, step);
        IEnumerable<float[]> inputs = windows.GetColumn<float[]>("Window");
        return horizon switch
        {
            0 => inputs,
            1 => inputs.Zip(windows.GetColumn<float>("Next"), (w, n) => w.Append(n).ToArray()),
            _ => inputs.Zip(windows.GetColumn<float[]>("Next"), (w, n) => w.Concat(n).ToArray()),
        };
    }

    private IDataView Slide(Stamped[] rows, int length, int horizon, int stride, TimeStep? step) =>
        Slide(_ml.Data.LoadFromEnumerable(rows), length, horizon, stride, step, "Group");

    private IDataView Slide(IDataView data, int length, int horizon, int stride, TimeStep? step, string? group = null, bool allowHoles = false) => _ml.Transforms.WindowSequence(
        "Window", ["Value"], length, horizon, horizon > 0 ? "Next" : null, stride, group, timeColumnName: "Time", timeStep: step, allowHoles: allowHoles).Fit(data).Transform(data);

    private static Stamped[] Hours(int count) => [.. Enumerable.Range(0, count).Select(i => new Stamped { Group = "", Time = new DateTime(2024, 1, 1).AddHours(i), Value = i })];

    private sealed record Stamped
    {
        public string Group { get; set; } = "";

        public DateTime Time { get; set; }

        public float Value { get; set; }
    }

    private sealed class Zoned
    {
        public DateTimeOffset Time { get; set; }

        public float Value { get; set; }
    }

    private sealed class Elapsed
    {
        public TimeSpan Time { get; set; }

        public float Value { get; set; }
    }

    private sealed class Numbered
    {
        public double Time { get; set; }

        public float Value { get; set; }
    }
}
