using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// What a forecaster makes of series before its network sees them, and of the network's outputs afterwards: the geometry of a window, the order of a row's features,
/// the unit of each series. Immutable; saved with the model.
/// <para>The network reads each target of each series as a series of its own, a channel, whose number is series · targets + target + 1; 0 is a channel not seen in
/// training. A row has the features [target, whether it is known (only if <see cref="MasksMissing"/>), past covariates, future covariates, calendar].</para>
/// </summary>
internal sealed record ForecastSettings
{
    private const int DaysOfWeek = 7;

    // Steps of a day, of an hour, half of one, a quarter, ten minutes, five and one.
    private static readonly int[] s_days = [24, 48, 96, 144, 288, 1440];

    /// <summary>L, rows of the past that a forecast reads at most.</summary>
    public required int WindowLength { get; init; }

    /// <summary>H, rows that are forecast.</summary>
    public required int Horizon { get; init; }

    /// <summary>w, rows of a segment.</summary>
    public required int SegmentLength { get; init; }

    /// <summary>Targets of a series.</summary>
    public required int TargetCount { get; init; }

    /// <summary>Values of a row that are known of the past alone.</summary>
    public int PastSize { get; init; }

    /// <summary>Values of a row that are known of the future too, the calendar's not included.</summary>
    public int FutureSize { get; init; }

    /// <summary>Values of a series that stay the same.</summary>
    public int StaticSize { get; init; }

    /// <summary>What the network is told of a row's time.</summary>
    public CalendarFeatures Calendar { get; init; }

    /// <summary>Whether the network is told which values are missing.</summary>
    public bool MasksMissing { get; init; }

    /// <summary>What missing values are filled with.</summary>
    public MissingValues MissingValues { get; init; }

    /// <summary>Whether a window is divided by its own standard deviation rather than by its channel's unit.</summary>
    public bool ScalesByWindow { get; init; }

    /// <summary>
    /// s in change^(1 − s) · spread^s, the unit of a channel. Not in files where it is 0, so that those and fingerprints of before are what they were.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double SpreadShare { get; init; }

    /// <summary>Whether forecasts may be fed back, to forecast beyond the horizon.</summary>
    public bool VariableHorizon { get; init; }

    /// <summary>From one row to the next; null without a time column.</summary>
    public TimeStep? Step { get; init; }

    /// <summary>The season's length in rows; 1 if there is none.</summary>
    public int SeasonLength { get; init; } = 1;

    /// <summary>Name of each series, in the order of their numbers.</summary>
    public required IReadOnlyList<string> SeriesNames { get; init; }

    /// <summary>The unit of each channel, [series · targets]: the mean absolute change from row to row, a season apart where there is a season, or between that and the spread; positive.</summary>
    public required IReadOnlyList<float> Units { get; init; }

    /// <summary>The floor of each channel's logarithms, 0 for one whose values are taken as they are: [series · targets]; empty if no channel is learned as logarithms.</summary>
    [JsonIgnore]
    public IReadOnlyList<float> LogarithmFloors { get; init; } = [];

    /// <summary><see cref="LogarithmFloors"/> as files have them: not at all where there are none, so that files and fingerprints of before are what they were.</summary>
    [JsonPropertyName(nameof(LogarithmFloors))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float>? SavedLogarithmFloors
    {
        get => LogarithmFloors.Count == 0 ? null : LogarithmFloors;
        init => LogarithmFloors = value ?? [];
    }

    /// <summary>Means of [past, future] covariates.</summary>
    public IReadOnlyList<float> CovariateMeans { get; init; } = [];

    /// <summary>Standard deviations of [past, future] covariates.</summary>
    public IReadOnlyList<float> CovariateScales { get; init; } = [];

    /// <summary>Means of static covariates.</summary>
    public IReadOnlyList<float> StaticMeans { get; init; } = [];

    /// <summary>Standard deviations of static covariates.</summary>
    public IReadOnlyList<float> StaticScales { get; init; } = [];

    /// <summary>Known covariates of a row of the horizon, the calendar's included.</summary>
    [JsonIgnore]
    public int KnownSize => FutureSize + CalendarEncoding.SizeOf(Calendar);

    /// <summary>Features of a row.</summary>
    [JsonIgnore]
    public int FeatureSize => 1 + (MasksMissing ? 1 : 0) + PastSize + KnownSize;

    /// <summary>Whether the network tells channels apart.</summary>
    [JsonIgnore]
    public bool HasChannels => SeriesNames.Count * TargetCount > 1;

    /// <summary>Whether a channel not seen in training is learned as logarithms, if all of its values are positive: whether most of those seen are.</summary>
    [JsonIgnore]
    public bool PrefersLogarithms => 2 * LogarithmFloors.Count(floor => floor > 0) > Units.Count;

    /// <summary>How a channel of the training is measured.</summary>
    /// <param name="channel">series · targets + target.</param>
    public ChannelUnit UnitOf(int channel) => new(Units[channel], LogarithmFloors.Count == 0 ? 0 : LogarithmFloors[channel]);

    /// <summary>
    /// Lengths in rows that series may repeat after: the season, and those of the calendar that it may be part of, or a week if it is as long
    /// as a day of hours or minutes and rows have no times; where there is no season all of the calendar, since a few years of months may show
    /// too little of a season that forecasts them well.
    /// </summary>
    public IReadOnlyList<int> Seasons()
    {
        if (Step?.Cycles() is { } cycles)
            return SeasonLength == 1 ? cycles : [SeasonLength, .. cycles.Where(cycle => cycle > SeasonLength)];
        return SeasonLength == 1 ? [] : s_days.Contains(SeasonLength) ? [SeasonLength, DaysOfWeek * SeasonLength] : [SeasonLength];
    }

    /// <summary>The time of a row that the calendar is read of; of one after the last, as many steps later.</summary>
    /// <exception cref="InvalidOperationException">The series has no times, or there is no such date.</exception>
    public DateTime TimeOf(SeriesData series, int row)
    {
        if (row < series.Times.Length)
            return series.Times[row];
        if (Step is not { } step || series.Times.Length == 0)
            throw new InvalidOperationException(Invariant($"Series '{series.Name}' has no times; expected them, since the forecaster reads the calendar ({Calendar})."));
        int ahead = row - series.Times.Length + 1;
        return step.TryAdd(series.Times[^1], ahead, out DateTime time) ? time : throw new InvalidOperationException(Invariant(
            $"The latest row of series '{series.Name}' is from {series.Times[^1]:yyyy-MM-dd HH:mm:ss}; expected dates for the {ahead} times {step} after it, since the forecaster reads the calendar ({Calendar})."));
    }

    /// <summary>Rows of a sequence's window, without those that fill its first segment up.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="position">The sequence's sorted position.</param>
    public int RowsOf(SequenceBatch batch, int position) => (batch.Lengths[position] * SegmentLength) - batch.Padding[position];

    /// <summary>The features of a row of a sequence, [F], of which the first is the target.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="position">The sequence's sorted position.</param>
    /// <param name="row">The row, those that fill the first segment up counted in.</param>
    /// <param name="size">F, <see cref="FeatureSize"/>, which callers read once for all rows.</param>
    public Span<float> RowOf(SequenceBatch batch, int position, int row, int size) => batch.Features.Slice(
        (batch.Row(position, row / SegmentLength) * batch.FeatureSize) + (row % SegmentLength * size), size);

    /// <summary>The geometry of a channel's windows.</summary>
    public ForecastShape ToShape() => new()
    {
        WindowLength = WindowLength,
        Horizon = Horizon,
        SegmentLength = SegmentLength,
        FeatureSize = FeatureSize,
        StaticSize = StaticSize,
        FutureSize = KnownSize,
        HasSeries = HasChannels,
    };
}
