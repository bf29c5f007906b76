using Microsoft.ML.Lstm.Sequences;
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
    public ForecastSplit(ForecastSettings settings, IReadOnlyList<SeriesData> series, double fraction, int mostHeld)
    {
        _settings = settings;
        long all = series.Sum(s => (long)Math.Max(0, Last(s) - First(s) + 1)) * settings.TargetCount;
        if (all == 0)
        {
            SeriesData? longest = series.MaxBy(s => s.KnownCount);
            throw new InvalidOperationException(Invariant(
                $"The longest series{(longest is null or { Name: "" } ? "" : Invariant($", '{longest.Name}',"))} has {longest?.KnownCount ?? 0} rows; expected at least {settings.Horizon + 1}, one of the past and the horizon ({settings.Horizon}), better the window length ({settings.WindowLength}) more."));
        }
        int heldStride = (int)Math.Max(1, (long)((all * fraction) + mostHeld - 1) / Math.Max(1, mostHeld));
        var encoder = new SeriesEncoder(settings);
        ForecastWindows training = new(settings.ToShape()), held = new(settings.ToShape());
        var units = new List<ChannelUnit>();
        for (int channel = 0; channel < series.Count * settings.TargetCount; channel++)
        {
            SeriesData source = series[channel / settings.TargetCount];
            int target = channel % settings.TargetCount, first = First(source), last = Last(source);
            units.Add(encoder.UnitOf(source, target));
            ForecastSeries encoded = encoder.Encode(source, target, units[channel]);
            training.Add(encoded);
            held.Add(encoded);
            int count = Math.Max(0, last - first + 1), validation = (int)Math.Round(count * fraction), cut = last - validation + 1;
            bool holdsOut = validation > 0 && cut - settings.Horizon >= first;
            int end = holdsOut ? cut - settings.Horizon : last;
            AddPartial(training, channel, first, end);
            training.AddOrigins(channel, first, end);
            if (holdsOut)
                held.AddOrigins(channel, cut, last, heldStride);
        }
        Training = new NormalizedWindows(training, settings, units);
        Validation = held.Count > 0 ? new NormalizedWindows(held, settings, units) : null;
    }

    /// <summary>What trains.</summary>
    public NormalizedWindows Training { get; }

    /// <summary>What is held out; null: nothing.</summary>
    public NormalizedWindows? Validation { get; }

    // A few windows at the beginning of a series, which are not whole, so that forecasts from little of the past are learned too.
    private void AddPartial(ForecastWindows training, int channel, int first, int end) =>
        training.AddOrigins(channel, Math.Min(_settings.SegmentLength, first), Math.Min(first - 1, end), PartialStride);

    // A whole window where the series has room for a few of them, else as little of the past as leaves half of the origins.
    private int First(SeriesData series)
    {
        int last = Last(series);
        return Math.Max(1, Math.Min(_settings.WindowLength, Math.Max(Math.Min(_settings.SegmentLength, last), last / 2)));
    }

    private int Last(SeriesData series) => Math.Min(series.KnownCount, series.RowCount) - _settings.Horizon;
}
