using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.SearchSpace;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

public sealed partial class LstmForecaster
{
    /// <summary>Options of <see cref="LstmForecaster"/>.</summary>
    public sealed class Options : RecurrentNetworkOptions
    {
        private const int MostWindow = 100_000, MostHorizon = 10_000, MostMembers = 100;

        // Beside the bounds and the median: to learn more of the distribution makes all of them better.
        private static readonly float[] s_quantiles = [0.1f, 0.25f, 0.5f, 0.75f, 0.9f];

        /// <summary>Options with the forecaster's own defaults where they differ: GRU of 64, batches of 64, 20 epochs at most, patience 4, a learning rate of 0.002 that is halved after each epoch without a better validation loss.</summary>
        public Options()
        {
            Cell = CellKind.Gru;
            HiddenSizes = [64];
            BatchSize = 64;
            NumberOfEpochs = 20;
            Patience = 4;
            Dropout = new RegularizationSpec { OutputDropout = 0.1f };
        }

        /// <summary>The column of forecasts. Default: <c>"Forecast"</c>.</summary>
        public string OutputColumnName { get; set; } = "Forecast";

        /// <summary>The series to forecast, <c>Single</c>: one column or several, each forecast from its own past by the same network. Default: none; at least one is needed.</summary>
        public IReadOnlyList<string> InputColumnNames { get; set; } = [];

        /// <summary>Covariates of which only the past is known: <c>Single</c>, <c>Vector&lt;Single&gt;</c> of known size, or a key. Default: none.</summary>
        public IReadOnlyList<string> PastCovariateColumnNames { get; set; } = [];

        /// <summary>Covariates that are known of the future too, such as holidays or prices: rows after the last known value say them. Default: none.</summary>
        public IReadOnlyList<string> FutureCovariateColumnNames { get; set; } = [];

        /// <summary>Covariates that are the same in all rows of a series, such as its region. Default: none.</summary>
        public IReadOnlyList<string> StaticCovariateColumnNames { get; set; } = [];

        /// <summary>Tells series apart: text, a key, a Boolean or a whole number. Null: all rows are one series. Default: null.</summary>
        public string? GroupColumnName { get; set; }

        /// <summary>When a row is from, <c>DateTime</c> or <c>DateTimeOffset</c>: shows missing rows and gives the calendar. Null: rows are the steps. Default: null.</summary>
        public string? TimeColumnName { get; set; }

        /// <summary>From one row of a series to the next; null: the most common distance. Default: null.</summary>
        public TimeStep? TimeStep { get; set; }

        /// <summary>What the network is told of a row's time; null: what tells rows of such steps apart. Default: null.</summary>
        public CalendarFeatures? CalendarFeatures { get; set; }

        /// <summary>What is done where values are missing. Default: <see cref="MissingValues.Mask"/>.</summary>
        public MissingValues MissingValues { get; set; }

        /// <summary>Rows of the past that a forecast reads at most; shorter series are read as far as they go. Range: 1 to 100,000. Default: 0, which must be set.</summary>
        [Range(24, 720, 48, logBase: true)]
        public int WindowSize { get; set; }

        /// <summary>Rows to forecast. Range: 1 to 10,000. Default: 1.</summary>
        public int Horizon { get; set; } = 1;

        /// <summary>
        /// Whether more rows than <see cref="Horizon"/> may be asked for, as in <c>ForecastBySsa</c>: then the medians are fed back as if they had come, a horizon at a time (the recursive
        /// strategy), which past covariates rule out. Otherwise a longer horizon is refused. Fewer rows may always be asked for. Default: false.
        /// </summary>
        public bool VariableHorizon { get; set; }

        /// <summary>The season's length in rows; null: sought by autocorrelation. Default: null.</summary>
        public int? SeasonLength { get; set; }

        /// <summary>Rows that the network reads and writes at a step; null: a divisor of the season, or of the window, up to the horizon. Range: 1 to half of <see cref="WindowSize"/>, or 1. Default: null.</summary>
        [Range(1, 24, 12, logBase: true)]
        public int? SegmentLength { get; set; }

        /// <summary>
        /// Whether a linear forecast from the window stands beside the recurrent one. It is a ridge regression at first, shrunk towards the
        /// best of a few simple forecasts (persistence, the season before, smoothed levels with and without season and half of the trend,
        /// a relative of the Theta method, and all of a trend that is plain): from a few dozen windows hardly more than one of these can be learned. The share that
        /// the network has in the forecast of the trained model is the one that is best on the held-out windows: of the network nothing,
        /// where it is no better than the regression; half of that, where fewer than two horizons could be held out. Default: true.
        /// </summary>
        [BooleanChoice(true)]
        public bool LinearSkip { get; set; } = true;

        /// <summary>
        /// Whether the linear forecast is trained with the network, which then learns what a line misses. Otherwise it stays the ridge
        /// regression, and the network learns to forecast by itself: two forecasts that are wrong in different ways, which the model
        /// mixes. Right for long windows of several noisy series, which a trained skip overfits (ETTh1, docs/recipes.md). Without
        /// a <see cref="LinearSkip"/> it says nothing. Default: true.
        /// </summary>
        public bool TrainSkip { get; set; } = true;

        /// <summary>
        /// Whether each series that is trained on, of several, or of one with several columns, also has a linear forecast of its own: the ridge
        /// regression of <see cref="LinearSkip"/> learned from that series alone, and by the season that its own rows show or one longer than
        /// <see cref="SeasonLength"/> (of hours with a daily one that of the week), where these forecast better. The model mixes it with the
        /// network, learned from all, in the share that is best on the held-out windows, which may be none of it
        /// (<see cref="ForecastModel.NetworkShare"/>). Takes up to <see cref="Horizon"/> times <see cref="WindowSize"/> weights a series in the
        /// model, and is left out where that makes more than 16 million, where nothing is held out, and without a <see cref="LinearSkip"/>.
        /// Learned again from all rows in the end, unless <see cref="RefitOnAllRows"/> is false; where training is continued it is kept as it
        /// is, or left out if this is false. Series that were not trained on have the network's forecast alone. Default: true.
        /// </summary>
        public bool LocalForecasts { get; set; } = true;

        /// <summary>
        /// Whether the networks are trained once more, on all rows, when those held out have told for how many epochs, at which rates and
        /// with what share; intervals and diagnosis remain those of the first training, which has not seen the rows that they are from.
        /// Epochs of the second training are reported without a validation loss. Null: where there are fewer than 1,000 windows to train
        /// on, of which then a fifth is held out, if <see cref="RecurrentNetworkOptions.ValidationFraction"/> is less and not 0. Default:
        /// null.
        /// </summary>
        public bool? RefitOnAllRows { get; set; }

        /// <summary>Whether each window is divided by its own standard deviation, rather than by a unit of its series: right where a series' spread grows with its level. Default: false.</summary>
        [BooleanChoice(false)]
        public bool ScaleByWindow { get; set; }

        /// <summary>
        /// s in change^(1 − s) · spread^s, the unit of each series: change is its mean absolute change a season apart, the error that scaled errors (MASE) are measured in, spread its standard
        /// deviation. At 0 errors count in proportion to those of the seasonal-naive forecast, and smooth series, whose swing is many such
        /// units, outvote noisy ones in training; 0.3 keeps the balance where series differ so (M4 Hourly, docs/recipes.md). To a single
        /// series it only matters how large the values are that the network reads. Range: 0 to 1. Default: 0.
        /// </summary>
        [Range(0f, 1f, 0f)]
        public float SpreadShare { get; set; }

        /// <summary>
        /// Whether series are learned as natural logarithms, right where their swing grows with their level; forecasts are given in their own unit. Null: each
        /// positive series whose changes over a season are evener between its high and its low half as logarithms than as they are. True: all of them, whose
        /// values must then be positive. A later value that is not above half of the smallest of the training is read as that half. Errors are then in
        /// proportion to the level, and forecasts nearer the median than the mean. Default: null.
        /// </summary>
        public bool? Logarithms { get; set; }

        /// <summary>Length of the embedding that tells series apart; null: half of the last layer for up to 16 series, else 16. Default: null.</summary>
        public int? SeriesEmbeddingSize { get; set; }

        /// <summary>What is minimised: squared, absolute or Huber error of the forecast, in units of each series. With intervals it is the pinball loss of the bounds, and of the quantiles 0.1, 0.25, 0.5, 0.75 and 0.9 that lie between them, instead. Default: mean squared error.</summary>
        public LossSpec Loss { get; set; } = new();

        /// <summary>The column of lower bounds of the interval; null exactly when <see cref="ConfidenceUpperBoundColumn"/> is: no intervals. Default: null.</summary>
        public string? ConfidenceLowerBoundColumn { get; set; }

        /// <summary>The column of upper bounds of the interval. Default: null.</summary>
        public string? ConfidenceUpperBoundColumn { get; set; }

        /// <summary>Share of the values that the interval covers, as calibrated on held-out windows. Range: (0, 1). Default: 0.95.</summary>
        public float ConfidenceLevel { get; set; } = 0.95f;

        /// <summary>Windows that an epoch trains on at most; of more, each epoch draws its own at random. Range: 1 or more. Default: 20,000.</summary>
        public int WindowsPerEpoch { get; set; } = 20_000;

        /// <summary>Networks whose forecasts are averaged, each with a seed of its own. Range: 1 to 100. Default: 1.</summary>
        public int NumberOfModels { get; set; } = 1;

        internal override float DefaultLearningRate => 0.002f;

        internal override LearningRateSchedule DefaultSchedule(float learningRate) => LearningRateSchedule.ReduceOnPlateau(learningRate);

        internal ForecastColumnNames Names()
        {
            Require((ConfidenceLowerBoundColumn is null) == (ConfidenceUpperBoundColumn is null), nameof(ConfidenceUpperBoundColumn), ConfidenceUpperBoundColumn,
                $"{(ConfidenceLowerBoundColumn is null ? "null" : "the name of a column")}, since {nameof(ConfidenceLowerBoundColumn)} is {ConfidenceLowerBoundColumn ?? "null"}");
            Require(InputColumnNames is { Count: > 0 }, nameof(InputColumnNames), InputColumnNames is null ? null : "empty", "the names of one or more columns");
            return new ForecastColumnNames
            {
                Targets = Given(InputColumnNames, nameof(InputColumnNames)),
                Past = Given(PastCovariateColumnNames, nameof(PastCovariateColumnNames)),
                Future = Given(FutureCovariateColumnNames, nameof(FutureCovariateColumnNames)),
                Static = Given(StaticCovariateColumnNames, nameof(StaticCovariateColumnNames)),
                Group = Name(GroupColumnName, nameof(GroupColumnName)),
                Time = Name(TimeColumnName, nameof(TimeColumnName)),
                Outputs = new ForecastOutputs(
                    Name(OutputColumnName ?? "", nameof(OutputColumnName))!, Name(ConfidenceLowerBoundColumn, nameof(ConfidenceLowerBoundColumn)), Name(ConfidenceUpperBoundColumn, nameof(ConfidenceUpperBoundColumn))),
            };
        }

        /// <summary>The loss: with intervals, that of the two bounds and of the quantiles between them.</summary>
        internal LossSpec LossFor()
        {
            Require(Loss is { Kind: LossKind.MeanSquaredError or LossKind.MeanAbsoluteError or LossKind.Huber }, nameof(Loss), Loss?.Kind, "a squared, absolute or Huber error");
            Require(ConfidenceLevel is > 0 and < 1, nameof(ConfidenceLevel), ConfidenceLevel, "more than 0 and less than 1");
            float tail = (1 - ConfidenceLevel) / 2;
            return ConfidenceLowerBoundColumn is null
                ? Loss!
                : new LossSpec { Kind = LossKind.Quantile, Quantiles = [tail, .. s_quantiles.Where(quantile => tail < quantile && quantile < 1 - tail), 1 - tail] };
        }

        internal ForecastPlan Plan(NetworkSettings settings, LossSpec loss)
        {
            Require(WindowSize is > 0 and <= MostWindow, nameof(WindowSize), WindowSize, $"1 to {MostWindow}");
            Require(Horizon is > 0 and <= MostHorizon, nameof(Horizon), Horizon, $"1 to {MostHorizon}");
            Require(SeasonLength is null or > 0, nameof(SeasonLength), SeasonLength, "1 or more, or null");
            Require(SegmentLength is null or 1 || (SegmentLength > 0 && SegmentLength <= WindowSize), nameof(SegmentLength), SegmentLength, $"1 to {nameof(WindowSize)} ({WindowSize}), or null");
            Require(SeriesEmbeddingSize is null or > 0, nameof(SeriesEmbeddingSize), SeriesEmbeddingSize, "1 or more, or null");
            Require(WindowsPerEpoch > 0, nameof(WindowsPerEpoch), WindowsPerEpoch, "1 or more");
            Require(NumberOfModels is > 0 and <= MostMembers, nameof(NumberOfModels), NumberOfModels, $"1 to {MostMembers}");
            Require(NumberOfModels == 1 || CheckpointPath is null, nameof(CheckpointPath), CheckpointPath, $"null, since {nameof(NumberOfModels)} is {NumberOfModels}");
            Require(SpreadShare is >= 0 and <= 1, nameof(SpreadShare), SpreadShare, "0 to 1");
            Require(Enum.IsDefined(MissingValues), nameof(MissingValues), MissingValues, OneOf<MissingValues>());
            Require(CalendarFeatures is null || ((int)CalendarFeatures & ~63) == 0, nameof(CalendarFeatures), CalendarFeatures, "a combination of its values, or null");
            Require(CalendarFeatures is null or Lstm.CalendarFeatures.None || TimeColumnName is not null, nameof(CalendarFeatures), CalendarFeatures, $"null, since {nameof(TimeColumnName)} is null");
            Require(TimeStep is null || TimeColumnName is not null, nameof(TimeStep), TimeStep, $"null, since {nameof(TimeColumnName)} is null");
            return new ForecastPlan
            {
                WindowLength = WindowSize,
                Horizon = Horizon,
                SegmentLength = SegmentLength,
                SeasonLength = SeasonLength,
                Calendar = TimeColumnName is null ? Lstm.CalendarFeatures.None : CalendarFeatures,
                MissingValues = MissingValues,
                Logarithms = Logarithms,
                ScalesByWindow = ScaleByWindow,
                SpreadShare = SpreadShare,
                VariableHorizon = VariableHorizon,
                LinearSkip = LinearSkip,
                TrainSkip = TrainSkip,
                LocalForecasts = LocalForecasts,
                RefitOnAllRows = RefitOnAllRows,
                SeriesEmbeddingSize = SeriesEmbeddingSize,
                Network = settings.Network,
                Engine = settings.Engine with { Loss = loss },
                Training = settings.Training,
                TrainingEngine = settings.TrainingEngine,
                WindowsPerEpoch = WindowsPerEpoch,
                MemberCount = NumberOfModels,
                ConfidenceLevel = ConfidenceLowerBoundColumn is null ? null : ConfidenceLevel,
            };
        }

        private static IReadOnlyList<string> Given(IReadOnlyList<string>? names, string option)
        {
            Require(names is not null && names.All(name => !string.IsNullOrEmpty(name)), option, names is null ? null : "a list with an empty name", "names of columns");
            return [.. names!];
        }

        private static string? Name(string? name, string option)
        {
            Require(name != "", option, "empty", "the name of a column");
            return name;
        }
    }
}
