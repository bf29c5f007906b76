using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>
/// Errors on rows that were not trained on, by step of the horizon, of the forecaster and of forecasts that need no learning; each in units of its series, so that all count alike. Origins are evenly
/// spread, and only those whose horizon is known to the end count.
/// </summary>
internal sealed class HeldOutErrors
{
    private const int MostResiduals = 400;
    private readonly ForecastModel _model;
    private readonly string[] _names;
    private readonly double[][] _sums;
    private readonly int[] _inside;
    private readonly IntervalCover _cover;
    private readonly List<(double At, double Residual)> _residuals = [];
    private readonly bool _hasTimes;
    private int _count;

    public HeldOutErrors(ForecastModel model, IReadOnlyList<SeriesData> series, IReadOnlyList<SeriesData> training, int mostWindows)
    {
        (_model, _hasTimes) = (model, series.Any(one => one.Times.Length > 0));
        RidgeBaseline? ridge = training.Count == 0 || model.Settings.TargetCount > 1 ? null
            : RidgeBaseline.Fit(training.ToDictionary(one => one.Name, one => one.Targets[0][..one.KnownCount]), model.SeasonLength, model.Horizon);
        _names = ["Forecast", "Persistence", "Season before", .. ridge is null ? [] : (string[])["Linear regression"]];
        _sums = [.. _names.Select(_ => new double[model.Horizon])];
        _inside = new int[model.Horizon];
        _cover = new IntervalCover(model.Calibration);
        var predictor = new ForecastPredictor(model, series);
        (int Series, int Target, int Origin)[] all = [.. from s in Enumerable.Range(0, series.Count)
                                                         from origin in Enumerable.Range(1, Math.Max(0, series[s].KnownCount - model.Horizon))
                                                         where origin >= Math.Min(model.WindowLength, series[s].KnownCount / 2) && predictor.HasOrigin(s, origin)
                                                         from t in Enumerable.Range(0, model.Settings.TargetCount)
                                                         select (s, t, origin)];
        (int Series, int Target, int Origin)[] windows = [.. Enumerable.Range(0, Math.Min(mostWindows, all.Length)).Select(i => all[(int)((long)i * all.Length / Math.Min(mostWindows, all.Length))])];
        var forecasts = new SeriesForecast[windows.Length];
        predictor.Forecast(windows, forecasts);
        for (int i = 0; i < windows.Length; i++)
            Add(series[windows[i].Series], windows[i].Target, windows[i].Origin, forecasts[i], ridge);
    }

    /// <summary>How the forecaster compares, in half a sentence.</summary>
    public string Summary => _count == 0 ? "no row of the data has a whole horizon after it, so that no error could be measured." : Invariant(
        $"mean absolute error {Total(0) / Enumerable.Range(1, _names.Length - 1).Min(Total):F2} times that of the best forecast that needs no learning, over {Plural.Of(_count, "window")}.");

    /// <summary>The errors.</summary>
    public ReportSection ErrorSection()
    {
        var section = new ReportSection("Errors by step");
        if (_count == 0)
            return section.Notice("No row of the data has a whole horizon after it; expected some, to compare forecasts with what came.");
        int best = Enumerable.Range(1, _names.Length - 1).MinBy(Total);
        if (Total(0) > Total(best))
            section.Notice(Invariant($"Over all steps the forecast's error is {Total(0) / Total(best):F2} times that of '{_names[best]}', which needs no learning: use that, or train longer, on a longer window, or on more data."));
        section.Text(Invariant($"Mean absolute error over {Plural.Of(_count, "window")} that were not trained on, in units of each series: its mean absolute change a season apart, or from row to row."));
        section.Chart(new ReportChart
        {
            Caption = "Mean absolute error, step by step ahead.",
            XTitle = "rows ahead",
            Lines = [.. _names.Select((name, i) => new ReportLine(name, [.. _sums[i].Select((sum, h) => (h + 1.0, sum / _count))]))],
        });
        if (_cover.Notice is { } notice)
            section.Notice(notice);
        bool hasIntervals = _model.ConfidenceLevel is not null;
        int[] shown = [.. Enumerable.Range(0, _model.Horizon).Where(h => _model.Horizon <= 12 || h == 0 || h == _model.Horizon - 1 || (h + 1) % Math.Max(1, _model.Horizon / 10) == 0)];
        return section.Table("Mean absolute error by rows ahead", ["rows ahead", .. _names, .. hasIntervals ? (string[])["in the interval"] : []],
            shown.Select(h => (IReadOnlyList<string>)[Invariant($"{h + 1}"), .. _sums.Select(sums => Invariant($"{sums[h] / _count:G3}")), .. hasIntervals ? (string[])[Invariant($"{100.0 * _inside[h] / _count:F0} %")] : []])
                .Append(["all", .. Enumerable.Range(0, _names.Length).Select(i => Invariant($"{Total(i):G3}")), .. hasIntervals ? (string[])[Invariant($"{100.0 * _inside.Sum() / _count / _model.Horizon:F0} %")] : []]));
    }

    /// <summary>What was left over one step ahead.</summary>
    public ReportSection ResidualSection()
    {
        var section = new ReportSection("Residuals");
        if (_residuals.Count < 2)
            return section.Text("There are too few to show.");
        double mean = _residuals.Average(one => one.Residual), deviation = Math.Sqrt(_residuals.Average(one => Math.Pow(one.Residual - mean, 2)));
        double[] ordered = [.. _residuals.Select(one => one.Residual)];
        double follow = deviation > 0 ? ordered.Zip(ordered.Skip(1), (a, b) => (a - mean) * (b - mean)).Average() / (deviation * deviation) : 0;
        section.Text(Invariant($"What came less the forecast, one row ahead, in units of each series: mean {mean:G3}, standard deviation {deviation:G3}, correlation of one with the next {follow:F2}. A mean far from zero is a bias, and a large correlation says that something was left to learn."));
        return section.Chart(new ReportChart
        {
            Caption = "Residuals one row ahead, in the order of the windows.",
            XIsTime = _hasTimes,
            Lines = [new ReportLine("residual", [.. _residuals.Take(MostResiduals).OrderBy(one => one.At)])],
        });
    }

    // Errors here are in the change of the series itself, whatever it is learned in.
    private double UnitOf(SeriesData series, int target)
    {
        ChannelUnit unit = _model.Encoder.UnitOf(series, target);
        return unit.IsLogarithmic || _model.Settings.SpreadShare > 0
            ? ChannelUnit.Of(series.Targets[target].AsSpan(0, series.KnownCount), _model.SeasonLength, logarithmic: false, spreadShare: 0).Size
            : unit.Size;
    }

    private double Total(int forecast) => _sums[forecast].Sum() / _count / _model.Horizon;

    private void Add(SeriesData series, int target, int origin, SeriesForecast forecast, RidgeBaseline? ridge)
    {
        float[] values = series.Targets[target];
        if (values.AsSpan(origin, _model.Horizon).ContainsAnyExceptInRange(float.MinValue, float.MaxValue) || !float.IsFinite(forecast.Values[0]))
            return;
        float[][] all = [forecast.Values, .. _names.Skip(1).Select(_ => new float[_model.Horizon])];
        NaiveForecasts.Persistence(values.AsSpan(0, origin), all[1]);
        NaiveForecasts.Seasonal(values.AsSpan(0, origin), _model.SeasonLength, all[2]);
        if (ridge is not null && !ridge.TryForecast(values.AsSpan(0, origin), series.Name, all[3]))
            return;
        double unit = UnitOf(series, target);
        _cover.Add(values.AsSpan(0, origin + _model.Horizon), origin, forecast);
        for (int h = 0; h < _model.Horizon; h++)
        {
            for (int i = 0; i < all.Length; i++)
                _sums[i][h] += Math.Abs((double)all[i][h] - values[origin + h]) / unit;
            _inside[h] += forecast.Lower.Length > 0 && values[origin + h] >= forecast.Lower[h] && values[origin + h] <= forecast.Upper[h] ? 1 : 0;
        }
        _residuals.Add((HistorySection.At(_model, series, origin), (values[origin] - (double)forecast.Values[0]) / unit));
        _count++;
    }
}
