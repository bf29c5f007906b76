using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Onnx.Tests.Forecasting;

/// <summary>What a forecaster reads and is made of; its weights are random.</summary>
internal sealed record ForecasterCase
{
    public CellKind Cell { get; init; } = CellKind.Gru;
    public int Layers { get; init; } = 1;
    public int SegmentLength { get; init; } = 3;
    public bool EmbedsSegments { get; init; } = true;
    public bool Learned { get; init; }
    public int Horizon { get; init; } = 5;
    public int Targets { get; init; } = 1;
    public string[] Series { get; init; } = [""];
    public int Past { get; init; }
    public int Future { get; init; }
    public int Static { get; init; }
    public CalendarFeatures Calendar { get; init; }
    public bool Masks { get; init; }
    public MissingValues Missing { get; init; } = MissingValues.Mask;
    public bool ScalesByWindow { get; init; }
    public double SpreadShare { get; init; }
    public int Quantiles { get; init; } = 1;
    public bool Ordered { get; init; }
    public int Skip { get; init; }
    public float[] Floors { get; init; } = [];
    public int Members { get; init; } = 1;
    public int[] Locals { get; init; } = [];
    public int SeasonLength { get; init; } = 4;
    public bool HasOtherLevels { get; init; }
    public bool VariableHorizon { get; init; }
    public const int WindowLength = 14;

    public ForecastModel Create()
    {
        bool hasChannels = Series.Length * Targets > 1;
        float[] units = [.. Enumerable.Range(0, Series.Length * Targets).Select(i => 1.5f + i)];
        var settings = new ForecastSettings
        {
            WindowLength = WindowLength, Horizon = Horizon, SegmentLength = SegmentLength, TargetCount = Targets, PastSize = Past,
                FutureSize = Future, StaticSize = Static,
            Calendar = Calendar, MasksMissing = Masks, MissingValues = Missing, ScalesByWindow = ScalesByWindow, SeriesNames = Series,
                Units = units, LogarithmFloors = Floors, SeasonLength = SeasonLength, SpreadShare = SpreadShare, VariableHorizon = VariableHorizon,
            CovariateMeans = Ramp(Past + Future, 0.5f), CovariateScales = Ramp(Past + Future, 2), StaticMeans = Ramp(Static, 1),
                StaticScales = Ramp(Static, 3),
            Step = TimeStep.Of(TimeSpan.FromHours(7)),
        };
        var spec = new NetworkSpec
        {
            Cell = Cell, HiddenSizes = [.. Enumerable.Range(0, Layers).Select(layer => 5 + layer)],
                InputSize = SegmentLength * settings.FeatureSize, OutputSize = Horizon * Quantiles,
            LearnedInitialState = Learned,
            Forecast = new ForecastSpec
            {
                Horizon = Horizon, SegmentLength = SegmentLength, QuantileCount = Quantiles, OrderedQuantiles = Ordered,
                    EmbedsSegments = EmbedsSegments, DecoderSize = 6,
                SeriesCount = hasChannels ? units.Length : 0, SeriesSize = hasChannels ? 2 : 0, StaticSize = Static,
                    FutureSize = settings.KnownSize, SkipLength = Skip,
            },
        };
        var loss = Quantiles > 1 ? new LossSpec { Kind = LossKind.Quantile, Quantiles = Ramp(Quantiles, 0.1f, 0.2f) } : new LossSpec();
        IntervalCalibration? calibration = Quantiles > 1
            ? new IntervalCalibration(0.8, Ramp(Horizon, -0.4f, 0.3f), Ramp(Horizon, 0.2f, -0.3f))
            {
                BelowScores = HasOtherLevels ? [.. Enumerable.Range(0, Horizon).Select(h => Ramp(30, -0.9f + (0.1f * h), 0.1f))] : [],
                AboveScores = HasOtherLevels ? [.. Enumerable.Range(0, Horizon).Select(h => Ramp(30, -0.5f - (0.1f * h), 0.07f))] : [],
            } : null;
        NetworkScorer[] members = [.. Enumerable.Range(0, Members).Select(member => new NetworkScorer(spec, Weights(spec, member)))];
        var input = new ForecastInput { Targets = [.. Enumerable.Range(0, Targets).Select(target => $"y{target}")] };
        return new ForecastModel(members, loss, settings, input, calibration, new TrainingHistory([], TrainingEnd.Completed, 0),
            new NetworkDiagnosis(), locals: Locals.Length == 0 ? null : new LocalForecasts([.. Locals.Select(Local)], networkShare: 0.4f));
    }

    // 0: none.
    private LinearForecast? Local(int length, int channel) => length == 0 ? null
        : new LinearForecast(Ramp(length * Horizon, -0.2f * channel, 0.4f / (length * Horizon)), Ramp(Horizon, 0.3f, 0.1f * channel));

    private static float[] Ramp(int count, float first, float step = 0.25f) =>
        [.. Enumerable.Range(0, count).Select(i => first + (i * step))];

    private static float[] Weights(NetworkSpec spec, int seed)
    {
        var layout = new ParameterLayout(spec);
        var random = new Random(seed + 1);
        float[] weights = new float[layout.BlockLength];
        foreach (ParameterSlice slice in layout.Slices)
            foreach (ref float weight in weights.AsSpan(slice.Offset, slice.Length))
                weight = random.NextSingle() - 0.5f;
        return weights;
    }
}
