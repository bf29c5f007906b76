using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Lays the channels of a series out as the network reads them; targets as their channel's unit measures them, whose size <see cref="NormalizedWindows"/>
/// takes away window by window. Immutable and thread-safe: a model keeps one, since the table of its series' names is as long as they are many.
/// </summary>
internal sealed class SeriesEncoder(ForecastSettings settings)
{
    private readonly FeatureScaling? _covariateScaling = ScalingOf(settings.CovariateMeans, settings.CovariateScales);
    private readonly FeatureScaling? _staticScaling = ScalingOf(settings.StaticMeans, settings.StaticScales);
    private readonly Dictionary<string, int> _numbers = settings.SeriesNames.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);
    private readonly bool _prefersLogarithms = settings.PrefersLogarithms;

    /// <summary>The channel of one target.</summary>
    /// <param name="series">The series.</param>
    /// <param name="target">Which target.</param>
    /// <param name="unit">How it is measured.</param>
    /// <returns>
    /// The channel: values [rows, F], and known covariates of those rows and, as far as they are known, of the horizon beyond the last: the calendar always is, given ones
    /// are not.
    /// </returns>
    public ForecastSeries Encode(SeriesData series, int target, ChannelUnit unit)
    {
        int rows = series.RowCount, known = settings.KnownSize, covariates = settings.PastSize + known, size = settings.FeatureSize;
        float[] row = new float[settings.PastSize + settings.FutureSize], values = new float[rows * size];
        float[][] columns = [.. series.Past.Concat(series.Future).Select(Filled)];
        int knownRows = KnownRows(rows);
        float[] futures = new float[known > 0 ? knownRows * known : 0];
        float[] targets = unit.Measured(series.Targets[target]);
        for (int r = 0; r < Math.Max(rows, known > 0 ? knownRows : 0); r++)
        {
            for (int c = 0; c < row.Length; c++)
                row[c] = r < rows ? columns[c][r] : 0;
            _covariateScaling?.Apply(row, row);
            if (known > 0)
                WriteKnown(series, r, row.AsSpan(settings.PastSize), futures.AsSpan(r * known, known));
            if (r >= rows)
                continue;
            Span<float> to = values.AsSpan(r * size, size);
            to[0] = targets[r];
            row.AsSpan(0, settings.PastSize).CopyTo(to[(size - covariates)..]);
            if (known > 0)
                futures.AsSpan(r * known, known).CopyTo(to[(size - known)..]);
        }
        return new ForecastSeries(series.Name, IdOf(series.Name, target), values, ScaledStatics(series), futures);
    }

    /// <summary>The unit of a channel; of a series not seen in training, that of its own values.</summary>
    public ChannelUnit UnitOf(SeriesData series, int target) => _numbers.TryGetValue(series.Name, out int number)
        ? settings.UnitOf((number * settings.TargetCount) + target)
        : ChannelUnit.Of(series.Targets[target].AsSpan(0, series.KnownCount), settings.SeasonLength, _prefersLogarithms, settings.SpreadShare);

    /// <summary>Rows of a series whose known covariates are known.</summary>
    /// <param name="rows">Its rows.</param>
    public int KnownRows(int rows) => settings.FutureSize > 0 ? rows : rows + settings.Horizon;

    /// <summary>The channel's number; 0 for one not seen in training.</summary>
    public int IdOf(string name, int target) =>
        settings.HasChannels && _numbers.TryGetValue(name, out int number) ? (number * settings.TargetCount) + target + 1 : 0;

    private void WriteKnown(SeriesData series, int row, ReadOnlySpan<float> given, Span<float> to)
    {
        given.CopyTo(to);
        if (settings.Calendar != CalendarFeatures.None)
            CalendarEncoding.Write(settings.Calendar, settings.TimeOf(series, row), to[settings.FutureSize..]);
    }

    private float[] ScaledStatics(SeriesData series)
    {
        float[] statics = [.. series.Statics.Select(value => float.IsFinite(value) ? value : 0)];
        _staticScaling?.Apply(statics, statics);
        return statics;
    }

    // A covariate has no mask of its own: its last known value stands in.
    private static float[] Filled(float[] column)
    {
        if (Array.TrueForAll(column, float.IsFinite))
            return column;
        float[] filled = [.. column];
        GapFilling.FillLast(filled);
        for (int i = 0; i < filled.Length; i++)
            filled[i] = float.IsFinite(filled[i]) ? filled[i] : 0;
        return filled;
    }

    private static FeatureScaling? ScalingOf(IReadOnlyList<float> means, IReadOnlyList<float> scales) =>
        means.Count == 0 ? null : new FeatureScaling([.. means], [.. scales]);
}
