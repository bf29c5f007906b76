using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Sequences;
using static System.FormattableString;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Looks at a trained forecaster on the windows that were held out: calibrates its intervals, and compares it with persistence, the season before and a linear regression.</summary>
internal sealed class ForecastReview(ForecastModel model, TrainingSeries series, NormalizedWindows held, RidgeForecaster? ridge)
{
    // Of a series' own unit: what nobody would tell from a perfect forecast.
    private const double Negligible = 1e-3;
    private const int MostWindows = 2000;

    /// <summary>The calibration; null if no intervals are asked for.</summary>
    public IntervalCalibration? Calibration { get; private set; }

    /// <summary>What the forecasts were wrong by, whole horizons at once; null if no held-out window's horizon is known to the end.</summary>
    public ResidualPaths? Residuals { get; private set; }

    /// <summary>A finding where the forecasts lose to one that needs no learning.</summary>
    public NetworkDiagnosis Diagnosis { get; private set; } = new();

    /// <summary>Scores the held-out windows.</summary>
    /// <returns>This.</returns>
    public ForecastReview Run(double? confidenceLevel)
    {
        int horizon = model.Horizon, quantiles = model.QuantileCount, stride = Math.Max(1, held.Count / MostWindows);
        List<float>[] below = [.. Enumerable.Range(0, horizon).Select(_ => new List<float>())], above = [.. below.Select(_ => new List<float>())];
        var baselines = new WindowBaselines(series, held, model.Settings, ridge);
        var errors = new AbsoluteErrors();
        var outputs = new List<float[]>();
        var actuals = new List<float[]>();
        var movement = new RunningMoments();
        foreach (WindowScores scores in new HeldOutScorer(model, held).Score(stride))
        {
            for (int h = 0; h < horizon; h++)
            {
                float actual = scores.Target(h);
                if (!float.IsFinite(actual))
                    continue;
                // A window is taken relative to its last value, so that it begins at 0.
                if ((h == 0 ? 0 : scores.Target(h - 1)) is var before && float.IsFinite(before))
                    movement.Add(Math.Abs((double)actual - before));
                ReadOnlySpan<float> step = scores.Output(h, quantiles);
                below[h].Add(step[0] - actual);
                above[h].Add(actual - step[^1]);
            }
            outputs.Add(scores.Outputs.ToArray());
            actuals.Add(scores.Targets);
            errors.Add(scores, baselines.Forecast(scores.Channel, scores.Origin, scores.Unit), model);
        }
        if (confidenceLevel is { } level)
            Calibration = IntervalCalibration.Of(level, below, above) with { WindowCount = outputs.Count, Movement = movement.Mean };
        Residuals = ResidualPaths.Of(horizon, [.. outputs.Select(values => ToUnits(values, horizon, quantiles))], actuals);
        Diagnosis = errors.ToDiagnosis(model.Settings.SeasonLength);
        return this;
    }

    // The forecast with its calibrated bounds, in units of the window's scale.
    private SeriesForecast ToUnits(float[] outputs, int horizon, int quantiles)
    {
        float[] values = new float[horizon], lower = new float[Calibration is null ? 0 : horizon], upper = new float[lower.Length];
        for (int h = 0; h < horizon; h++)
        {
            ReadOnlySpan<float> step = outputs.AsSpan(h * quantiles, quantiles);
            values[h] = step[quantiles / 2];
            if (Calibration is null)
                continue;
            (float low, float high) = Calibration.Apply(h, step[0], step[^1]);
            (lower[h], upper[h]) = (Math.Min(low, values[h]), Math.Max(high, values[h]));
        }
        return new SeriesForecast(values, lower, upper) { Level = new WindowLevel(0, 1, new ChannelUnit(1)) };
    }

    /// <summary>Absolute errors in units of each window's scale, so that all series count alike.</summary>
    private sealed class AbsoluteErrors
    {
        private double _model, _persistence, _season, _ridge;
        private long _count, _ridgeCount;
        private double _modelWithRidge;

        public void Add(WindowScores scores, WindowBaselines.Forecasts others, ForecastModel model)
        {
            for (int h = 0; h < model.Horizon; h++)
            {
                float actual = scores.Target(h);
                if (!float.IsFinite(actual))
                    continue;
                double error = Math.Abs((double)scores.Output(h, model.QuantileCount)[model.QuantileCount / 2] - actual);
                _count++;
                _model += error;
                _persistence += Math.Abs((double)actual);
                _season += Math.Abs(((others.Season[h] - (double)scores.Level.Level) / scores.Level.Scale) - actual);
                if (others.Linear.IsEmpty)
                    continue;
                _ridgeCount++;
                _modelWithRidge += error;
                _ridge += Math.Abs(((others.Linear[h] - (double)scores.Level.Level) / scores.Level.Scale) - actual);
            }
        }

        public NetworkDiagnosis ToDiagnosis(int season)
        {
            if (_count == 0)
                return new NetworkDiagnosis();
            var naive = new Dictionary<string, double> { ["persistence"] = _persistence / _count };
            if (season > 1)
                naive["the season before"] = _season / _count;
            if (_ridgeCount > 0)
                naive["a linear regression on the window"] = _ridge / _ridgeCount * (_model / _count) / Math.Max(_modelWithRidge / _ridgeCount, 1e-30);
            (string best, double least) = naive.MinBy(pair => pair.Value);
            double own = _model / _count;
            if (own <= least || own < Negligible)
                return new NetworkDiagnosis();
            return new NetworkDiagnosis
            {
                Findings =
                [
                    new Finding
                    {
                        Code = FindingCode.WorseThanNaive,
                        Severity = own > 1.05 * least ? FindingSeverity.Warning : FindingSeverity.Information,
                        Message = Invariant($"On the held-out windows the forecast's mean absolute error is {own / least:F2} times that of {best}, which needs no training."),
                        Advice = "Use that forecast, or train for more epochs, with a longer window, with covariates, or on more data.",
                        Evidence = naive.Append(new KeyValuePair<string, double>("forecast", own)).ToDictionary(),
                    },
                ],
            };
        }
    }
}
