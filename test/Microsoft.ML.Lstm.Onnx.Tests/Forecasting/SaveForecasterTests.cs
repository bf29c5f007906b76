using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Lstm.Onnx.Tests.Forecasting;

/// <summary>ONNX Runtime forecasts as the forecaster itself does, from windows of every length, with and without missing values.</summary>
public sealed class SaveForecasterTests
{
    private const int Batch = 25;

    private static readonly Dictionary<string, ForecasterCase> s_cases = new()
    {
        ["plain"] = new() { SegmentLength = 1 },
        ["lstm of two layers"] = new() { Cell = CellKind.Lstm, Layers = 2 },
        ["simple cells, learned state"] = new() { Cell = CellKind.RnnTanh, Learned = true },
        ["rectifier"] = new() { Cell = CellKind.RnnRelu },
        ["lstm, learned state"] = new() { Cell = CellKind.Lstm, Learned = true },
        ["a decoder of its own"] = new() { Cell = CellKind.Lstm, Layers = 2, EmbedsSegments = false },
        ["scaled by windows"] = new() { ScalesByWindow = true },
        ["skip"] = new() { Skip = 8 },
        ["skip as long as the window"] = new() { Skip = ForecasterCase.WindowLength, SegmentLength = 4 },
        ["quantiles"] = new() { Quantiles = 3 },
        ["quantiles that never cross"] = new() { Quantiles = 5, Ordered = true, Skip = 3 },
        ["ensemble"] = new() { Members = 3, Quantiles = 3 },
        ["past, future and static covariates"] = new() { Past = 2, Future = 3, Static = 2 },
        ["calendar"] = new() { Calendar = (CalendarFeatures)63 },
        ["calendar and covariates"] = new() { Calendar = CalendarFeatures.DayOfMonth | CalendarFeatures.HourOfDay, Future = 1,
            Masks = true },
        ["several series"] = new() { Series = ["a", "b", "ü"] },
        ["several series, scaled by windows, season of one"] = new() { Series = ["a", "b"], ScalesByWindow = true, SeasonLength = 1 },
        ["season longer than the window"] = new() { Series = ["a", "b"], SeasonLength = 30 },
        ["several targets"] = new() { Targets = 2, Past = 1, Static = 1, Future = 1 },
        ["everything"] = new()
        {
            Cell = CellKind.Lstm, Layers = 2, Targets = 2, Series = ["a", "b"], Past = 1, Future = 2, Static = 1,
                Calendar = CalendarFeatures.DayOfWeek, Masks = true, ScalesByWindow = true,
            Quantiles = 3, Ordered = true, Skip = 4, Members = 2, Learned = true,
        },
        ["masked"] = new() { Masks = true },
        ["last value stands in"] = new() { Missing = MissingValues.FillLast },
        ["logarithms"] = new() { Floors = [3] },
        ["logarithms, scaled by windows, gaps filled by lines"] = new() { Floors = [1], ScalesByWindow = true, Missing = MissingValues.FillLinear, Quantiles = 3, Ordered = true },
        ["logarithms of most of several series"] = new() { Series = ["a", "b", "c"], Floors = [1, 0, 4], Skip = 3 },
        ["logarithms of few of several series"] = new() { Series = ["a", "b", "c"], Floors = [0, 2, 0] },
        ["units between change and spread"] = new() { Series = ["a", "b", "c"], SpreadShare = 0.5, Skip = 3 },
        ["units of the spread, logarithms, scaled by windows"] = new() { Series = ["a", "b", "c"], Floors = [1, 0, 4], SpreadShare = 1, ScalesByWindow = true },
        ["logarithms of one of two targets"] = new() { Targets = 2, Floors = [0, 2] },
        ["local forecasts"] = new() { Series = ["a", "b", "c"], Locals = [14, 0, 9], Skip = 3, Members = 2 },
        ["local forecasts of two targets, quantiles that never cross"] = new()
        {
            Series = ["a", "b"], Targets = 2, Locals = [3, 14, 0, 5], Quantiles = 3, Ordered = true, Past = 1, Masks = true, Floors = [0, 2, 0, 1],
        },
        ["local forecasts, scaled by windows, segments of rows"] = new() { Series = ["a", "b"], Locals = [13, 2], ScalesByWindow = true, SegmentLength = 1 },
        ["local forecasts of no channel"] = new() { Series = ["a", "b"], Locals = [0, 0] },
        ["local forecasts of two targets of one series"] = new() { Targets = 2, Locals = [3, 14] },
        ["local forecasts, rows not of whole segments"] = new()
        {
            Series = ["a", "b"], Locals = [13, 10], SegmentLength = 4, Horizon = 3, Missing = MissingValues.FillLinear, Masks = true,
        },
        ["line stands in"] = new() { Missing = MissingValues.FillLinear, Masks = true },
    };

    public static IEnumerable<object[]> Names => s_cases.Keys.Select(name => new object[] { name });

    [Theory, MemberData(nameof(Names))]
    public void SaveOnnx_EveryForecaster_ForecastsAsItself(string name)
    {
        ForecasterCase @case = s_cases[name];
        ForecastModel model = @case.Create();
        using var session = new OnnxSession(model.SaveOnnx);
        foreach ((int rows, double missing) in ((int, double)[])[(1, 0), (2, 0), (9, 0.3), (13, 0), (14, 0.4), (20, 0.2), (30, 0)])
        {
            SeriesData[] series = [.. Enumerable.Range(0, Batch).Select(i => Series(@case, i, rows, missing))];
            Dictionary<string, Array> found = session.Run([.. Inputs(@case, series, rows)]);
            int read = Math.Min(rows, ForecasterCase.WindowLength);
            var predictor = new ForecastPredictor(model, [.. series.Select(s => Last(s, read + @case.Horizon))]);
            for (int i = 0; i < Batch; i++)
                for (int target = 0; target < @case.Targets; target++)
                    Compare(@case, predictor, (i, target, read), found);
        }
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(4, 0.5)]
    [InlineData(5, 0.95)]
    [InlineData(2, 0.8)]
    public void SaveOnnx_ShorterHorizonAndOtherLevel_ForecastsAsItself(int horizon, double? level)
    {
        var @case = new ForecasterCase { Quantiles = 3, Future = 1, Targets = 2, HasOtherLevels = true };
        ForecastModel model = @case.Create();
        using var session = new OnnxSession(stream =>
            model.SaveOnnx(stream, new ForecastOnnxOptions { Horizon = horizon, ConfidenceLevel = level }));
        SeriesData[] series = [.. Enumerable.Range(0, Batch).Select(i => Series(@case, i, 14, 0.2))];

        Dictionary<string, Array> found = session.Run([.. Inputs(@case, series, 14)]);

        var predictor = new ForecastPredictor(model, series) { ConfidenceLevel = level };
        Assert.Equal(Batch * horizon * 2, found["forecast"].Length);
        for (int i = 0; i < Batch; i++)
            for (int target = 0; target < 2; target++)
                Compare(@case with { Horizon = horizon }, predictor, (i, target, 14), found);
    }

    [Theory]
    [InlineData(6, null, false, "Horizon is 6; expected 1 to 5, the horizon that it was trained for, or null")]
    [InlineData(6, null, true, "VariableHorizon feeds forecasts back, which a graph does not")]
    [InlineData(0, null, false, "Horizon is 0")]
    [InlineData(null, 1.5, false, "1.5")]
    [InlineData(null, 0.5, false, "0.8")]
    public void SaveOnnx_WhatTheForecasterCannotGive_IsRefusedByName(int? horizon, double? level, bool isVariable, string expected)
    {
        ForecastModel model = new ForecasterCase { Quantiles = 3, VariableHorizon = isVariable }.Create();

        Exception error = Assert.ThrowsAny<Exception>(() =>
            model.SaveOnnx(Stream.Null, new ForecastOnnxOptions { Horizon = horizon, ConfidenceLevel = level }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveOnnx_WindowWithoutAKnownValue_ForecastsNaNForItAlone()
    {
        ForecastModel model = new ForecasterCase { Missing = MissingValues.FillLinear }.Create();
        using var session = new OnnxSession(model.SaveOnnx);

        float[] forecast = (float[])session.Run(OnnxSession.Input("history", [1f, 2, float.NaN, float.NaN], 2, 2, 1))["forecast"];

        Near.Equal(model.Forecast([1f, 2]).Values.ToArray(), forecast.AsSpan(0, 5));
        Assert.All(forecast.Skip(5), value => Assert.True(float.IsNaN(value)));
    }

    private static void Compare(ForecasterCase @case, ForecastPredictor predictor, (int Series, int Target, int Rows) window,
        Dictionary<string, Array> found)
    {
        var results = new SeriesForecast[1];
        predictor.Forecast(new[] { window }, results);
        Near.Equal(results[0].Values[..@case.Horizon], Of("forecast"));
        Assert.Equal(@case.Quantiles > 1, found.ContainsKey("lower_bound"));
        if (@case.Quantiles == 1)
            return;
        Near.Equal(results[0].Lower[..@case.Horizon], Of("lower_bound"));
        Near.Equal(results[0].Upper[..@case.Horizon], Of("upper_bound"));

        float[] Of(string output) =>
            [.. Enumerable.Range(0, @case.Horizon).Select(h =>
            ((float[])found[output])[(((window.Series * @case.Horizon) + h) * @case.Targets) + window.Target])];
    }

    private static SeriesData Series(ForecasterCase @case, int index, int rows, double missing)
    {
        var random = new Random(index);
        int all = rows + @case.Horizon;
        float[][] targets = [.. Enumerable.Range(0, @case.Targets).Select(_ =>
            Values(rows, random, missing).Concat(Enumerable.Repeat(float.NaN, @case.Horizon)).ToArray())];
        foreach (float[] target in targets)
            target[rows - 1] = 4 + index;
        var start = new DateTime(2023, 12, 27, 3, 20, 0).AddDays(index * 19);
        return new SeriesData
        {
            Name = index % 4 == 3 && @case.Series.Length > 1 ? "unseen" : @case.Series[index % @case.Series.Length],
            Targets = targets,
            Past = [.. Enumerable.Range(0, @case.Past).Select(_ =>
                Values(rows, random, missing).Concat(new float[@case.Horizon]).ToArray())],
            Future = [.. Enumerable.Range(0, @case.Future).Select(_ => Values(all, random, missing))],
            Statics = [.. Values(@case.Static, random, missing)],
            Times = [.. Enumerable.Range(0, all).Select(row => start.AddHours(7 * row))],
        };
    }

    // What lies before the longest window is not read.
    private static SeriesData Last(SeriesData series, int rows)
    {
        return new SeriesData
        {
            Name = series.Name, Targets = Cut(series.Targets), Past = Cut(series.Past), Future = Cut(series.Future),
                Statics = series.Statics, Times = series.Times[^rows..],
        };

        float[][] Cut(float[][] columns) => [.. columns.Select(column => column[^rows..])];
    }

    private static float[] Values(int count, Random random, double missing) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 6) + 2).Select(value => random.NextDouble() < missing ? float.NaN
            : value)];

    private static IEnumerable<NamedOnnxValue> Inputs(ForecasterCase @case, SeriesData[] series, int rows)
    {
        int all = rows + @case.Horizon;
        yield return OnnxSession.Input("history", ByRows(series, s => s.Targets, rows), Batch, rows, @case.Targets);
        if (@case.Past > 0)
            yield return OnnxSession.Input("past", ByRows(series, s => s.Past, rows), Batch, rows, @case.Past);
        if (@case.Future > 0)
            yield return OnnxSession.Input("future", ByRows(series, s => s.Future, all), Batch, all, @case.Future);
        if (@case.Static > 0)
            yield return OnnxSession.Input("static", series.SelectMany(s => s.Statics).ToArray(), Batch, @case.Static);
        if (@case.Calendar != CalendarFeatures.None)
            yield return OnnxSession.Input("time",
                series.SelectMany(s => s.Times).Select(time => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond).ToArray(),
                Batch, all);
        if (@case.Series.Length > 1)
            yield return OnnxSession.Input("series", series.Select(s => s.Name).ToArray(), Batch);
    }

    private static float[] ByRows(SeriesData[] series, Func<SeriesData, float[][]> columns, int rows) =>
        [.. series.SelectMany(s => Enumerable.Range(0, rows).SelectMany(row => columns(s).Select(column => column[row])))];
}
