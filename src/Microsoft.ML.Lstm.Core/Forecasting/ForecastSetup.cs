using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Measures series: season, units, scaling, what the calendar says; the settings that a forecaster keeps.</summary>
internal static class ForecastSetup
{
    private const int LongestSegment = 48;

    // How far from the season a multiple of a segment may be, as a fraction of the season.
    private const double NearSeason = 0.025;

    /// <summary>The settings for these series.</summary>
    public static ForecastSettings Measure(ForecastPlan plan, TrainingSeries series, ForecastInput input, TimeStep? step)
    {
        int targets = input.Targets.Count, season = plan.SeasonLength ?? SeasonOf(series, targets, step);
        int past = input.Past.Sum(covariate => covariate.Size), future = input.Future.Sum(covariate => covariate.Size), statics = input.Static.Sum(covariate => covariate.Size);
        ChannelUnit[] units = series.OfEach<ChannelUnit>(targets, (s, own) =>
        {
            for (int target = 0; target < own.Length; target++)
                own[target] = UnitOf(s.Targets[target].AsSpan(0, s.KnownCount), season, plan);
        });
        (float[] means, float[] scales) = Moments(series, past + future, (s, c) => c < past ? s.Past[c] : s.Future[c - past]);
        (float[] staticMeans, float[] staticScales) = Moments(series, statics, (s, c) => [s.Statics[c]]);
        return new ForecastSettings
        {
            WindowLength = plan.WindowLength,
            Horizon = plan.Horizon,
            SegmentLength = plan.SegmentLength ?? SegmentOf(plan.WindowLength, plan.Horizon, season),
            TargetCount = targets,
            PastSize = past,
            FutureSize = future,
            StaticSize = statics,
            Calendar = plan.Calendar ?? CalendarOf(step, series),
            MasksMissing = plan.MissingValues == MissingValues.Mask && series.OfEach<bool>(1, (s, has) => has[0] = HasGap(s)).Contains(true),
            MissingValues = plan.MissingValues,
            ScalesByWindow = plan.ScalesByWindow,
            SpreadShare = plan.SpreadShare,
            VariableHorizon = plan.VariableHorizon,
            Step = step,
            SeasonLength = season,
            SeriesNames = series.Names,
            Units = [.. units.Select(unit => unit.Size)],
            LogarithmFloors = units.Any(unit => unit.IsLogarithmic) ? [.. units.Select(unit => unit.Floor)] : [],
            CovariateMeans = means,
            CovariateScales = scales,
            StaticMeans = staticMeans,
            StaticScales = staticScales,
        };
    }

    /// <summary>
    /// The longest segment that is a divisor of the season or the season itself, fits the window at least twice, and is not much longer than the horizon. Of a
    /// season with short divisors alone, such as a prime number, one that nearly divides it: steps of three rows through a season of 129 learn little.
    /// </summary>
    public static int SegmentOf(int window, int horizon, int season)
    {
        int most = Math.Min(Math.Max(1, Math.Min(window / 2, Math.Max(horizon, 1))), LongestSegment), exact = 1, near = 1;
        for (int length = 2; length <= most; length++)
        {
            if (season > 1 ? season % length == 0 : window % length == 0 && length <= 12)
                exact = length;
            int off = season % length;
            if (Math.Min(off, length - off) <= NearSeason * season)
                near = length;
        }
        return season > 1 && exact < near / 2 ? near : exact;
    }

    private static int SeasonOf(TrainingSeries series, int targets, TimeStep? step)
    {
        IReadOnlyList<int>? cycles = step?.Cycles();
        int[] lengths = series.OfEach<int>(targets, (s, own) =>
        {
            for (int target = 0; target < own.Length; target++)
                own[target] = Season.Find(s.Targets[target].AsSpan(0, s.KnownCount), Season.Longest, cycles);
        }, (Season.MostSeries + targets - 1) / targets);
        return Season.OfMost(lengths.Take(Season.MostSeries));
    }

    // What tells times of such steps apart, as far as the series are long enough to have seen it come round twice.
    private static CalendarFeatures CalendarOf(TimeStep? step, TrainingSeries series)
    {
        SeriesExtent longest = Enumerable.Range(0, series.Count).Select(s => series[s]).MaxBy(extent => extent.TimeCount);
        if (step is not { } known || longest.TimeCount < 2)
            return CalendarFeatures.None;
        DateTime first = new(longest.FirstTicks), last = new(longest.LastTicks);
        TimeSpan span = last - first, one = known.Add(first, 1) - first;
        CalendarFeatures features = CalendarFeatures.None;
        if (one < TimeSpan.FromHours(1) && span.TotalHours >= 2)
            features |= CalendarFeatures.MinuteOfHour;
        if (one < TimeSpan.FromDays(1) && span.TotalDays >= 2)
            features |= CalendarFeatures.HourOfDay;
        if (one < TimeSpan.FromDays(7) && span.TotalDays >= 14)
            features |= CalendarFeatures.DayOfWeek;
        if (span.TotalDays >= 730)
            features |= one < TimeSpan.FromDays(28) ? CalendarFeatures.DayOfYear : one < TimeSpan.FromDays(360) ? CalendarFeatures.MonthOfYear : CalendarFeatures.None;
        return features;
    }

    private static ChannelUnit UnitOf(ReadOnlySpan<float> values, int season, ForecastPlan plan) =>
        ChannelUnit.Of(values, season, plan.Logarithms ?? Logarithms.Suit(values, season), plan.SpreadShare);

    private static bool HasGap(SeriesData series) => series.Targets.Any(values => Array.FindIndex(values, 0, series.KnownCount, value => !float.IsFinite(value)) >= 0);

    private static (float[] Means, float[] Scales) Moments(TrainingSeries series, int columns, Func<SeriesData, int, float[]> column)
    {
        var moments = new RunningMoments[columns];
        if (columns > 0)
            series.SumUp(moments, s =>
            {
                for (int c = 0; c < columns; c++)
                    foreach (float value in column(s, c))
                        if (float.IsFinite(value))
                            moments[c].Add(value);
            });
        float[] means = new float[columns], scales = new float[columns];
        for (int c = 0; c < columns; c++)
        {
            float deviation = (float)Math.Sqrt(moments[c].Variance);
            (means[c], scales[c]) = ((float)moments[c].Mean, deviation > 0 && float.IsFinite(deviation) ? deviation : 1);
        }
        return (means, scales);
    }
}
