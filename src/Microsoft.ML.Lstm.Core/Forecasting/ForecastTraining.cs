using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// From series to a forecaster: windows of all of them, the last of each held out; one network or several; intervals calibrated on what was held out, and the forecasts compared there
/// with those that need no learning.
/// </summary>
internal sealed class ForecastTraining
{
    // Longer ones cost their cube, and the recurrent path reads the rest.
    private const int MostRidge = 720;
    private readonly ForecastPlan _plan;
    private readonly ForecastInput _input;
    private readonly ForecastSettings _settings;
    private readonly TrainingSeries _series;
    private readonly ForecastModel? _initial;
    private readonly NormalizedWindows _training;
    private readonly NormalizedWindows? _validation;

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
        int longest = series.Longest is { } first ? series[first].KnownCount : 0;
        if (plan.SeasonLength is { } season && season >= longest)
            throw new InvalidOperationException(Invariant($"SeasonLength is {season}; expected less than {longest}, the rows of the longest series{NameOf(series)}, or null."));
        if (plan.Logarithms == true)
            RequirePositive(series, input);
        if (initial is not null)
        {
            ForecastContinuation.Require(plan, input, initial);
            if (initial.Loss.Kind == LossKind.Quantile)
                _plan = plan with { Engine = plan.Engine with { Loss = initial.Loss } };
        }
        _settings = initial is not null ? initial.Settings with { VariableHorizon = plan.VariableHorizon } : ForecastSetup.Measure(plan, series, input, step);
        var split = new ForecastSplit(_settings, series, plan.Training.ValidationFraction, Math.Max(1, plan.WindowsPerEpoch / 4));
        (_training, _validation) = (split.Training, split.Validation);
        series.LetGo();
    }

    /// <summary>Whether windows could be held out.</summary>
    public bool HasValidation => _validation is not null;

    /// <summary>The settings that were measured.</summary>
    public ForecastSettings Settings => _settings;

    /// <summary>Windows to train on, and held out.</summary>
    public (int Training, int Validation) WindowCounts => (_training.Count, _validation?.Count ?? 0);

    /// <summary>Trains.</summary>
    /// <param name="observers">Who is told how it goes.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    public ForecastModel Run(IReadOnlyList<ITrainingObserver> observers, CancellationToken cancellationToken)
    {
        NetworkSpec spec = _initial?.Spec ?? Spec();
        RequireMemory(spec);
        var lockstep = new Lockstep(_series.Group);
        RidgeForecaster? ridge = lockstep.Run(Ridge);
        var members = new List<NetworkScorer>();
        TrainingHistory? history = null;
        for (int member = 0; member < _plan.MemberCount; member++)
        {
            using ITrainingEngine engine = _plan.TrainingEngine.Create(new EngineRequest(spec, _plan.Engine with { Seed = _plan.Engine.Seed + member }));
            var loop = new TrainingLoop(engine, _plan.Training with
            {
                ValidationFraction = 0,
                ExamplesPerEpoch = _plan.WindowsPerEpoch,
                Seed = _plan.Training.Seed + member,
            })
            {
                Observers = observers,
                Distribution = _plan.Distribution,
            };
            float[] weights = _initial?.Members[member].ExportWeights() ?? InitialWeights(engine, ridge), trained = new float[weights.Length];
            engine.ImportWeights(weights);
            double initial = _validation is null ? double.PositiveInfinity : loop.Evaluate(_validation);
            TrainingHistory ofMember = loop.RunOn(_training, _validation, cancellationToken);
            history ??= ofMember;
            engine.ExportWeights(trained);
            // Where training did not better the linear forecast, or the forecaster that it continued, that is kept.
            members.Add(new NetworkScorer(spec, ofMember.Epochs.Min(epoch => epoch.ValidationLoss) is { } best && initial < best ? weights : trained));
        }
        var model = new ForecastModel(members, _plan.Engine.Loss, _settings, _input, calibration: null, history!, new NetworkDiagnosis());
        if (_validation is null)
            return model;
        var review = new ForecastReview(model, _series, _validation, ridge);
        lockstep.Run(() => review.Run(_plan.ConfidenceLevel));
        return new ForecastModel(members, _plan.Engine.Loss, _settings, _input, review.Calibration, history!, review.Diagnosis, review.Residuals);
    }

    private static string NameOf(TrainingSeries series) =>
        series.Longest is { } longest && series.Names[longest] is { Length: > 0 } name ? Invariant($", '{name}'") : "";

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

    // Learned from the rows before the held-out windows alone.
    private RidgeForecaster? Ridge()
    {
        int targets = _settings.TargetCount;
        int[] rows = [.. Enumerable.Range(0, _training.ChannelCount).Select(channel => _validation?.FirstOrigin(channel) ?? _series[channel / targets].KnownCount)];
        int length = Math.Min(Math.Min(_settings.WindowLength, MostRidge), (rows.Max() - _settings.Horizon) / 2);
        return length < 1 ? null : RidgeForecaster.Fit(rows.Select((count, channel) => Learned(channel, count)), rows, length, _settings.Horizon);
    }

    // Lent by the process that has it, one channel at a time.
    private (ReadOnlyMemory<float> Values, double Scale) Learned(int channel, int rows)
    {
        float[] values = _series.Lend(channel / _settings.TargetCount, rows, () => _training.MeasuredTargets(channel)[..rows]);
        return (values, _training.UnitOf(channel).Size);
    }

    /// <summary>
    /// The weights that training begins from: the linear skip forecasts as the ridge regression does, and the recurrent path adds nothing yet, so that what is learned is what a line misses.
    /// </summary>
    private float[] InitialWeights(ITrainingEngine engine, RidgeForecaster? ridge)
    {
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        if (ridge is null || !_plan.LinearSkip)
            return weights;
        Slice("output.weight").Clear();
        Slice("output.bias").Clear();
        Span<float> skip = Slice("skip.weight"), bias = Slice("skip.bias");
        int inputs = _settings.WindowLength, quantiles = bias.Length / _settings.Horizon;
        for (int h = 0; h < _settings.Horizon; h++)
        {
            int row = (h * quantiles) + (quantiles / 2);
            ridge.Weights.Slice(h * ridge.Length, ridge.Length).CopyTo(skip.Slice(((row + 1) * inputs) - ridge.Length, ridge.Length));
            bias[row] = _settings.ScalesByWindow ? 0 : ridge.Intercepts[h];
        }
        return weights;

        Span<float> Slice(string name) => weights.AsSpan(engine.Parameters[name].Offset, engine.Parameters[name].Length);
    }
}
