using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training.Distributed;
using static System.FormattableString;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Which windows train and which are held out: of each series the origins of the last fraction, with a gap of a horizon less one before them, so that no label is on both sides. A series
/// too short for both trains alone.
/// </summary>
internal sealed class ForecastSplit
{
    private const int PartialStride = 4;
    private readonly ForecastSettings _settings;

    /// <summary>Cuts the windows.</summary>
    /// <param name="settings">The geometry.</param>
    /// <param name="series">The series.</param>
    /// <param name="fraction">Fraction of each series' origins to hold out; 0: none.</param>
    /// <param name="mostHeld">Windows to hold out, about; of more, evenly spread ones are taken.</param>
    /// <exception cref="InvalidOperationException">No series has a window and its horizon.</exception>
    public ForecastSplit(ForecastSettings settings, TrainingSeries series, double fraction, int mostHeld)
    {
        _settings = settings;
        SeriesExtent[] extents = [.. Enumerable.Range(0, series.Count).Select(one => series[one])];
        long all = extents.Sum(extent => (long)Math.Max(0, Last(extent) - First(extent) + 1)) * settings.TargetCount;
        if (all == 0)
        {
            string name = series.LongestName is { Length: > 0 } text ? text + "," : "";
            throw new InvalidOperationException(Invariant(
                $"The longest series{name} has {series.LongestCount} rows; expected at least {settings.Horizon + 1}, one of the past and the ")
                + Invariant($"horizon ({settings.Horizon}), better the window length ({settings.WindowLength}) more."));
        }
        int heldStride = (int)Math.Max(1, (long)((all * fraction) + mostHeld - 1) / Math.Max(1, mostHeld));
        ForecastWindows training = NewWindows(series), held = NewWindows(series), both = NewWindows(series);
        ChannelUnit[] units = AddSeries(series, training, held, both);
        for (int channel = 0; channel < units.Length; channel++)
        {
            SeriesExtent extent = extents[channel / settings.TargetCount];
            int first = First(extent), last = Last(extent);
            int count = Math.Max(0, last - first + 1), validation = (int)Math.Round(count * fraction), cut = last - validation + 1;
            bool holdsOut = validation > 0 && cut - settings.Horizon >= first;
            int end = holdsOut ? cut - settings.Horizon : last;
            AddPartial(training, channel, first, end);
            training.AddOrigins(channel, first, end);
            if (holdsOut)
                held.AddOrigins(channel, cut, last, heldStride);
            AddPartial(both, channel, first, last);
            both.AddOrigins(channel, first, last);
        }
        Training = new NormalizedWindows(training, settings, units);
        Validation = held.Count > 0 ? new NormalizedWindows(held, settings, units) : null;
        All = new NormalizedWindows(both, settings, units);
    }

    /// <summary>What trains.</summary>
    public NormalizedWindows Training { get; }

    /// <summary>What is held out; null: nothing.</summary>
    public NormalizedWindows? Validation { get; }

    /// <summary>Every window, held out or not.</summary>
    public NormalizedWindows All { get; }

    private ForecastWindows NewWindows(TrainingSeries series) => new(_settings.ToShape())
    {
        Share = series.Group is { } group ? new GroupWindowShare(group, channel => series.OwnerOf(channel / _settings.TargetCount)) : null,
    };

    // The channels of all series, with the values of those that are here.
    private ChannelUnit[] AddSeries(TrainingSeries series, params ReadOnlySpan<ForecastWindows> each)
    {
        var encoder = new SeriesEncoder(_settings);
        int targets = _settings.TargetCount;
        ChannelUnit[] units = series.OfEach<ChannelUnit>(targets, (source, own) =>
        {
            for (int target = 0; target < targets; target++)
                own[target] = encoder.UnitOf(source, target);
        });
        var encoded = new ForecastSeries?[units.Length];
        series.ForOwn((number, source) =>
        {
            for (int target = 0; target < targets; target++)
                encoded[(number * targets) + target] = encoder.Encode(source, target, units[(number * targets) + target]);
        });
        for (int channel = 0; channel < units.Length; channel++)
            foreach (ForecastWindows windows in each)
                if (encoded[channel] is { } own)
                    windows.Add(own);
                else
                    AddElsewhere(windows, encoder, series, channel);
        return units;
    }

    private void AddElsewhere(ForecastWindows windows, SeriesEncoder encoder, TrainingSeries series, int channel)
    {
        (int number, int target) = Math.DivRem(channel, _settings.TargetCount);
        int rows = series[number].RowCount;
        windows.AddElsewhere(series.Names[number], encoder.IdOf(series.Names[number], target), rows, encoder.KnownRows(rows));
    }

    // A few windows at the beginning of a series, which are not whole, so that forecasts from little of the past are learned too.
    private void AddPartial(ForecastWindows training, int channel, int first, int end) =>
        training.AddOrigins(channel, Math.Min(_settings.SegmentLength, first), Math.Min(first - 1, end), PartialStride);

    // A whole window where the series has room for a few of them, else as little of the past as leaves half of the origins.
    private int First(SeriesExtent series)
    {
        int last = Last(series);
        return Math.Max(1, Math.Min(_settings.WindowLength, Math.Max(Math.Min(_settings.SegmentLength, last), last / 2)));
    }

    private int Last(SeriesExtent series) => Math.Min(series.KnownCount, series.RowCount) - _settings.Horizon;
}
