using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using static System.FormattableString;

namespace Samples;

/// <summary>
/// The short series of the M1 and M3 competitions, a few dozen years, quarters or months each, compared with the season before: a forecaster
/// of its own for each series, with all defaults, or one for all series of a kind together, which is told their season.
/// </summary>
internal sealed class ShortSeries : ISample
{
    private const string Together = "-together";
    private static readonly string[] s_kinds = ["all", "months", "quarters", "years and others"];

    public string Name => "short-series";

    public string Description =>
        "Forecast the series of the M3 competition, each by itself or all of a kind together (--data: folder with M3.csv, which docs/recipes.md makes).";

    public IEnumerable<string> Variants => ["M3", "M1", "M3" + Together, "M1" + Together];

    public bool Run(SampleContext context)
    {
        string variant = context.Variant ?? "M3";
        bool isTogether = variant.EndsWith(Together, StringComparison.Ordinal);
        string file = (isTogether ? variant[..^Together.Length] : variant) + ".csv";
        Series[] all = context.Quick && context.DataFolder is null ? Generated() : Read(context.DataFile(file));
        Series[] series = context.Quick ? all[..Math.Min(4, all.Length)] : all;
        var forecasts = new List<(Series Series, float[] Forecast)>();
        foreach (IReadOnlyList<Series> some in isTogether
            ? series.GroupBy(one => (one.Season, one.Future.Length)).Select(kind => kind.ToArray())
            : series.Select(one => new[] { one }))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            forecasts.AddRange(isTogether ? ForecastTogether(some, context) : [(some[0], Forecast(some[0], context))]);
            if (isTogether || forecasts.Count % 20 == 0)
                Console.Write(Invariant($"\r{forecasts.Count} of {series.Length} series"));
        }
        Console.WriteLine("\r                  series   sMAPE    MASE    the season before");
        foreach (string kind in s_kinds)
            Print(kind, [.. forecasts.Where(one => kind == s_kinds[0] || KindOf(one.Series) == kind)]);
        return forecasts.All(one => one.Forecast.All(float.IsFinite));
    }

    // The window is two or three seasons or twice the horizon, as far as a third of the rows allows.
    private static float[] Forecast(Series series, SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView past = ml.Data.LoadFromEnumerable(series.Past.Select(value => new Row { Value = value }));
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            WindowSize = Math.Clamp(Math.Max(2 * series.Future.Length, 3 * series.Season), 1, Math.Max(1, series.Past.Length / 3)),
            Horizon = series.Future.Length,
            Seed = 1,
            CancellationToken = context.Cancellation,
        });
        return forecaster.Fit(past).Model.Forecast(series.Past).Values.ToArray();
    }

    private static IEnumerable<(Series Series, float[] Forecast)> ForecastTogether(IReadOnlyList<Series> series, SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView past = ml.Data.LoadFromEnumerable(
            series.SelectMany((one, number) => one.Past.Select(value => new NamedRow { Series = Name(number), Value = value })));
        int season = series[0].Season, horizon = series[0].Future.Length;
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            GroupColumnName = "Series",
            WindowSize = Math.Max(2 * horizon, 3 * season),
            Horizon = horizon,
            SeasonLength = season,
            Seed = 1,
            CancellationToken = context.Cancellation,
        });
        ForecastModel model = forecaster.Fit(past).Model;
        return series.Select((one, number) => (one, model.Forecast(one.Past, Name(number)).Values.ToArray()));

        static string Name(int number) => Invariant($"series {number}");
    }

    private static void Print(string kind, IReadOnlyList<(Series Series, float[] Forecast)> forecasts)
    {
        if (forecasts.Count == 0)
            return;
        (double Percent, double Scaled) own = Errors(forecasts, one => one.Forecast), naive = Errors(forecasts, one => one.Series.SeasonBefore);
        Console.WriteLine(Invariant($"{kind,-18}{forecasts.Count,6}{own.Percent,8:F2}{own.Scaled,8:F3}    {naive.Percent:F2}, {naive.Scaled:F3}"));
    }

    // Means over the series of sMAPE, and of the error in units of the season before's on the rows before.
    private static (double Percent, double Scaled) Errors(
        IReadOnlyList<(Series Series, float[] Forecast)> forecasts, Func<(Series Series, float[] Forecast), float[]> of) => (
        forecasts.Average(one => of(one).Zip(one.Series.Future).Average(
            pair => 200 * Math.Abs((double)pair.First - pair.Second) / (Math.Abs(pair.First) + Math.Abs(pair.Second)))),
        forecasts.Average(one => of(one).Zip(one.Series.Future).Average(pair => Math.Abs((double)pair.First - pair.Second)) / one.Series.Scale));

    private static string KindOf(Series series) => series.Season switch { 12 => s_kinds[1], 4 => s_kinds[2], _ => s_kinds[3] };

    private static Series[] Read(string path) => [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Select(fields =>
    {
        int season = int.Parse(fields[1], CultureInfo.InvariantCulture), horizon = int.Parse(fields[2], CultureInfo.InvariantCulture);
        float[] values = [.. fields.Skip(3).Select(field => float.Parse(field, CultureInfo.InvariantCulture))];
        return new Series(season, values[..^horizon], values[^horizon..]);
    })];

    // Without the data the sample shows that it runs.
    private static Series[] Generated() => [.. Enumerable.Range(1, 4).Select(s =>
    {
        float[] values = [.. Enumerable.Range(0, 68).Select(i => (float)((s * (10 + Math.Sin(2 * Math.PI * i / 12))) + (0.1 * i)))];
        return new Series(12, values[..50], values[50..]);
    })];

    private sealed record Series(int Season, float[] Past, float[] Future)
    {
        public float[] SeasonBefore => [.. Enumerable.Range(0, Future.Length).Select(h => Past[^(Season - (h % Season))])];

        public double Scale => Past.Skip(Season).Zip(Past).Average(pair => Math.Abs((double)pair.First - pair.Second));
    }

    private class Row
    {
        public float Value { get; set; }
    }

    private sealed class NamedRow : Row
    {
        public string Series { get; set; } = "";
    }
}
