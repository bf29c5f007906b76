using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// From series to a forecaster: windows of all of them, the last of each held out; one network or several; intervals calibrated on what was held out, and the forecasts compared there
/// with those that need no learning; where there are few windows, trained again with those held out.
/// </summary>
internal sealed class ForecastTraining
{
    // Of fewer windows to train on, those held out are learned in the end as well, so that more may be held out: intervals from a handful are
    // too narrow.
    private const int FewWindows = 1000;
    private const double FewHeldOut = 0.2;
    private readonly ForecastPlan _plan;
    private readonly ForecastInput _input;
    private readonly ForecastSettings _settings;
    private readonly TrainingSeries _series;
    private readonly ForecastModel? _initial;
    private readonly NormalizedWindows _training;
    private readonly NormalizedWindows? _validation, _all;
    private readonly LocalTraining _local;
    private CancellationToken _cancellation;

    /// <summary>Lays out the windows.</summary>
    /// <param name="plan">What the forecaster is to be.</param>
    /// <param name="input">The columns.</param>
    /// <param name="series">What to learn from.</param>
    /// <param name="step">From one row to the next; null without times.</param>
    /// <param name="initial">The forecaster whose training is continued; null: none.</param>
    /// <exception cref="ArgumentException">Plan or columns are not those of the initial forecaster.</exception>
    /// <exception cref="InvalidOperationException">No series is long enough for a window and its horizon.</exception>
    public ForecastTraining(ForecastPlan plan, ForecastInput input, TrainingSeries series, TimeStep? step, ForecastModel? initial = null)
    {
        (_plan, _input, _series, _initial) = (plan, input, series, initial);
        if (plan.SeasonLength is { } season && season >= series.LongestCount)
            throw new InvalidOperationException(Invariant($"SeasonLength is {season}; expected less than {series.LongestCount}, ")
                + Invariant($"the rows of the longest series{series.LongestName}, or null."));
        if (plan.Logarithms == true)
            RequirePositive(series, input);
        if (initial is not null)
        {
            ForecastContinuation.Require(plan, input, initial);
            if (initial.Loss.Kind == LossKind.Quantile)
                _plan = plan with { Engine = plan.Engine with { Loss = initial.Loss } };
        }
        _settings = initial is not null ? initial.Settings with { VariableHorizon = plan.VariableHorizon } : ForecastSetup.Measure(plan, series, input, step);
        _local = new LocalTraining(_settings)
        {
            Threads = plan.Engine.Threads ?? -1,
            IsCancelled = () => series.FirstOf(_cancellation.IsCancellationRequested ? "cancelled" : "").Length > 0,
        };
        double fraction = plan.Training.ValidationFraction;
        ForecastSplit split = Split(fraction);
        bool refits = plan.RefitOnAllRows ?? split.Training.Count < FewWindows;
        if (refits && plan.RefitOnAllRows is null && fraction is > 0 and < FewHeldOut)
            split = Split(FewHeldOut);
        (_training, _validation, _all) = (split.Training, split.Validation, refits ? split.All : null);
        series.LetGo();

        ForecastSplit Split(double fraction) => new(_settings, series, fraction, Math.Max(1, plan.WindowsPerEpoch / 4));
    }

    /// <summary>Whether windows could be held out.</summary>
    public bool HasValidation => _validation is not null;

    /// <summary>Whether a forecast of each channel's own was asked for, and all of them are too large to be kept.</summary>
    public bool LeavesOutLocals => WantsLocals && !_local.Fits(Rows(_ => null));

    /// <summary>The settings that were measured.</summary>
    public ForecastSettings Settings => _settings;

    /// <summary>Windows to train on, and held out.</summary>
    public (int Training, int Validation) WindowCounts => (_training.Count, _validation?.Count ?? 0);

    /// <summary>Trains.</summary>
    /// <param name="observers">Who is told how it goes.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    public ForecastModel Run(IReadOnlyList<ITrainingObserver> observers, CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken;
        NetworkSpec spec = _initial?.Spec ?? Spec();
        RequireMemory(spec);
        var lockstep = new Lockstep(_series.Group);
        RidgeForecaster? anchored = lockstep.Run(() => Ridge(channel => _validation?.FirstOrigin(channel)));
        var training = new MemberTraining(_plan, spec, _settings) { Observers = observers, CancellationToken = cancellationToken };
        RidgeForecaster? ridge = _initial is null ? training.Better(anchored, _validation) : anchored;
        TrainedMember[] members = [.. Enumerable.Range(0, _plan.MemberCount)
            .Select(member => training.Train(member, _training, _validation, ridge, _initial?.Members[member]))];
        LocalForecasts? locals = lockstep.Run(() => Locals(members));
        ForecastModel model = Model(members, locals);
        if (_validation is null)
            return model;
        var review = new ForecastReview(model, _series, _validation, ridge);
        lockstep.Run(() => review.Run(_plan.ConfidenceLevel));
        if (_all is not null)
        {
            RidgeForecaster? whole = lockstep.Run(() => Ridge(_ => null));
            whole = ridge == anchored ? whole : whole?.Plain ?? whole;
            members = [.. members.Select((member, number) => training.TrainAgain(number, member, _all, whole, _initial?.Members[number]))];
        }
        if (locals is not null && _initial is null && _plan.RefitOnAllRows != false)
            locals = lockstep.Run(() => LearnAgain(locals));
        return Model(members, locals, review);
    }

    private ForecastModel Model(IReadOnlyList<TrainedMember> members, LocalForecasts? locals, ForecastReview? review = null) => new(
        [.. members.Select(member => member.Network)], _plan.Engine.Loss, _settings, _input, review?.Calibration, members[0].History,
        review?.Diagnosis ?? new NetworkDiagnosis(), review?.Residuals, locals);

    private static void RequirePositive(TrainingSeries series, ForecastInput input) => series.ForOwn((_, one) =>
    {
        for (int target = 0; target < one.Targets.Length; target++)
            for (int row = 0; row < one.KnownCount; row++)
                if (one.Targets[target][row] <= 0)
                    throw new InvalidOperationException(Invariant(
                        $"Column '{input.Targets[target]}'{(one.Name.Length > 0 ? Invariant($" of series '{one.Name}'") : "")} has {one.Targets[target][row]} {one.PlaceOf(row)}; expected positive values, since Logarithms is true."));
    });

    private NetworkSpec Spec()
    {
        LossSpec loss = _plan.Engine.Loss;
        int quantiles = loss.Kind == LossKind.Quantile ? loss.Quantiles.Count : 1, units = _plan.Network.HiddenSizes[^1];
        int channels = _settings.HasChannels ? _settings.SeriesNames.Count * _settings.TargetCount : 0;
        return _plan.Network with
        {
            InputSize = _settings.SegmentLength * _settings.FeatureSize,
            OutputSize = _settings.Horizon * quantiles,
            Forecast = new ForecastSpec
            {
                Horizon = _settings.Horizon,
                SegmentLength = _settings.SegmentLength,
                QuantileCount = quantiles,
                OrderedQuantiles = quantiles > 1,
                DecoderSize = units,
                SeriesCount = channels,
                SeriesSize = channels == 0 ? 0 : Math.Min(_plan.SeriesEmbeddingSize ?? (channels <= 16 ? units / 2 : 16), units - 1),
                StaticSize = _settings.StaticSize,
                FutureSize = _settings.KnownSize,
                SkipLength = _plan.LinearSkip ? _settings.WindowLength : 0,
            },
        };
    }

    // Before any of it is taken: the windows of a batch, and a step for each segment of their horizons.
    private void RequireMemory(NetworkSpec spec)
    {
        int windows = Math.Min(_plan.Training.BatchSize, Math.Min(_training.Count, _plan.WindowsPerEpoch));
        long steps = ((_settings.WindowLength + _settings.SegmentLength - 1) / _settings.SegmentLength) + spec.Forecast!.SegmentCount;
        PassMemory.Require(spec, windows * steps, forTraining: true, Invariant($"A batch of {Plural.Of(windows, "window")} of {Plural.Of(_settings.WindowLength, "row")}"));
    }

    // Learned from the rows before the end that is given, or from all.
    private RidgeForecaster? Ridge(Func<int, int?> endOf)
    {
        int[] rows = Rows(endOf);
        int length = RidgeForecaster.LengthOf(rows.Max(), _settings.WindowLength, _settings.Horizon);
        return length < 1
            ? null
            : RidgeForecaster.Fit(rows.Select((count, channel) => Learned(channel, count)), rows, length, _settings.Horizon, _settings.Seasons());
    }

    private bool WantsLocals => _plan.LocalForecasts && _plan.LinearSkip && _settings.HasChannels;

    private int[] Rows(Func<int, int?> endOf) =>
        [.. Enumerable.Range(0, _training.ChannelCount).Select(channel => endOf(channel) ?? _series[channel / _settings.TargetCount].KnownCount)];

    private LocalForecasts? Locals(IReadOnlyList<TrainedMember> members)
    {
        if (_initial is not null)
            return _plan.LocalForecasts ? _initial.Locals : null;
        if (!WantsLocals || LeavesOutLocals || _validation is null || members.Any(member => member.History.End == TrainingEnd.Cancelled))
            return null;
        if (_local.Learn(Rows(channel => _validation.FirstOrigin(channel)), Learned) is not { } locals)
            return null;
        float share = LocalTraining.BestShare(
            Scores(null), Scores(locals), _plan.Engine.Loss.Kind, members[0].Network.Spec.Forecast!.QuantileCount);
        return share < 1 ? locals.With(share) : null;

        IEnumerable<WindowScores> Scores(LocalForecasts? locals) => new HeldOutScorer(Model(members, locals), _validation).Score(stride: 1);
    }

    // From the latest rows, which tell most.
    private LocalForecasts LearnAgain(LocalForecasts locals) =>
        _local.LearnAgain(Rows(_ => null), Learned)?.With(locals.NetworkShare) ?? locals;

    // Lent by the process that has it, one channel at a time.
    private (ReadOnlyMemory<float> Values, double Scale) Learned(int channel, int rows)
    {
        float[] values = _series.Lend(channel / _settings.TargetCount, rows, () => _training.MeasuredTargets(channel)[..rows]);
        return (values, _training.UnitOf(channel).Size);
    }
}
