using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Trains the networks of a forecaster, each with a seed of its own: from what a ridge regression misses, or apart from it, and mixed with it in
/// the end in the share that is best on the windows held out.
/// </summary>
/// <param name="plan">What the forecaster is to be.</param>
/// <param name="spec">Its networks.</param>
/// <param name="settings">What was measured of the series.</param>
internal sealed class MemberTraining(ForecastPlan plan, NetworkSpec spec, ForecastSettings settings)
{
    // Of the network in the forecast: tenths are as fine as held-out windows can tell.
    private const int Shares = 10;

    // Windows held out whose horizons overlap are one case: of fewer than two cases the network's share is halved, since nothing tells it from
    // chance, and without any both forecasts count alike.
    private const float EvenShare = 0.5f;

    /// <summary>Who is told how it goes.</summary>
    public IReadOnlyList<ITrainingObserver> Observers { get; init; } = [];

    /// <summary>Looked at before every batch.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Trains a network.</summary>
    /// <param name="number">Which of the forecaster's networks, from 0.</param>
    /// <param name="training">What to train on.</param>
    /// <param name="validation">What is held out; null: nothing.</param>
    /// <param name="ridge">The regression, learned from the rows to train on; null: there are too few.</param>
    /// <param name="initial">The network whose training is continued; null: none.</param>
    public TrainedMember Train(
        int number, NormalizedWindows training, NormalizedWindows? validation, RidgeForecaster? ridge, NetworkScorer? initial)
    {
        RidgeSkip? skip = SkipOf(ridge, initial);
        using ITrainingEngine engine = Engine(number, skip);
        float[] begin = Begin(engine, skip, initial);
        TrainingLoop loop = Loop(engine, number, plan.Training);
        double? before = initial is null || validation is null ? null : loop.Evaluate(validation);
        TrainingHistory history = loop.RunOn(training, validation, CancellationToken);
        // Where training did not better the forecaster that it continued, that is kept.
        if (before < history.Epochs.Min(epoch => epoch.ValidationLoss))
            return new TrainedMember(new NetworkScorer(spec, begin), history, Share: 1, IsInitial: true);
        float[] trained = Weights(engine);
        float share = skip is null ? 1
            : validation is not null ? BestShare(number, skip, trained, validation, engine)
            : plan.TrainSkip && plan.Training.ValidationFraction == 0 ? 1 : EvenShare;
        return new TrainedMember(Network(skip, begin, trained, share), history, share);
    }

    /// <summary>The better of a regression and the one that shrinks towards persistence.</summary>
    /// <param name="ridge">The regression; null: there is none.</param>
    /// <param name="validation">What is held out; null: nothing, and the regression is kept.</param>
    public RidgeForecaster? Better(RidgeForecaster? ridge, NormalizedWindows? validation)
    {
        if (ridge?.Plain is not { } plain || validation is null || !plan.LinearSkip)
            return ridge;
        using ITrainingEngine engine = Engine(0, spec);
        float[] weights = Weights(engine);
        return Loss(plain) < Loss(ridge) ? plain : ridge;

        double Loss(RidgeForecaster one)
        {
            engine.ImportWeights(new RidgeSkip(one, settings, spec).Mix(weights, 0));
            return Loop(engine, 0, plan.Training).Evaluate(validation);
        }
    }

    /// <summary>
    /// Trains a network from the beginning once more, on other windows: as long, at the same rates and with the same share as when some were held
    /// out.
    /// </summary>
    /// <param name="number">Which of the forecaster's networks, from 0.</param>
    /// <param name="first">What the first training came to.</param>
    /// <param name="windows">What to train on.</param>
    /// <param name="ridge">The regression, learned from all rows; null: there are too few.</param>
    /// <param name="initial">The network whose training is continued; null: none.</param>
    /// <returns>
    /// The network, with the history of the first training; what the first came to, where that ended too early to be repeated, or the second is
    /// cancelled or diverges.
    /// </returns>
    public TrainedMember TrainAgain(
        int number, TrainedMember first, NormalizedWindows windows, RidgeForecaster? ridge, NetworkScorer? initial)
    {
        if (first.IsInitial || first.History is not { BestEpoch: { } best, End: not TrainingEnd.Cancelled })
            return first;
        RidgeSkip? skip = SkipOf(ridge, initial);
        using ITrainingEngine engine = Engine(number, skip);
        float[] begin = Begin(engine, skip, initial);
        TrainingOptions options = plan.Training with { Epochs = best + 1, Patience = null, CheckpointPath = null, ResumeFrom = null };
        // The other schedules need no validation loss.
        bool needsLoss = options.Schedule.Kind == ScheduleKind.ReduceOnPlateau;
        IReadOnlyList<float>? rates = needsLoss ? [.. first.History.Epochs.Select(epoch => epoch.LearningRate)] : null;
        try
        {
            TrainingHistory history = Loop(engine, number, options, rates).RunOn(windows, null, CancellationToken);
            return history.End == TrainingEnd.Cancelled
                ? first
                : first with { Network = Network(skip, begin, Weights(engine), first.Share) };
        }
        catch (TrainingDivergedException)
        {
            return first;
        }
    }

    // Of a network that has no share nothing is kept, but for the quantiles about the middle one.
    private NetworkScorer Network(RidgeSkip? skip, float[] begin, float[] trained, float share) =>
        new(spec, skip?.Mix(share > 0 || spec.Forecast!.QuantileCount > 1 ? trained : begin, share) ?? trained);

    private RidgeSkip? SkipOf(RidgeForecaster? ridge, NetworkScorer? initial) =>
        ridge is null || initial is not null || !plan.LinearSkip ? null : new RidgeSkip(ridge, settings, spec);

    // Learned apart from the regression, the network has no skip in training.
    private ITrainingEngine Engine(int number, RidgeSkip? skip) => Engine(
        number, skip is null || plan.TrainSkip ? spec : spec with { Forecast = spec.Forecast! with { SkipLength = 0 } });

    private ITrainingEngine Engine(int number, NetworkSpec network) =>
        plan.TrainingEngine.Create(new EngineRequest(network, plan.Engine with { Seed = plan.Engine.Seed + number }));

    private float[] Begin(ITrainingEngine engine, RidgeSkip? skip, NetworkScorer? initial)
    {
        float[] weights = initial?.ExportWeights() ?? Weights(engine);
        if (plan.TrainSkip)
            skip?.Begin(weights);
        engine.ImportWeights(weights);
        return weights;
    }

    private TrainingLoop Loop(ITrainingEngine engine, int number, TrainingOptions options, IReadOnlyList<float>? rates = null) => new(
        engine, options with { ValidationFraction = 0, ExamplesPerEpoch = plan.WindowsPerEpoch, Seed = options.Seed + number })
    {
        Observers = Observers,
        Distribution = plan.Distribution,
        LearningRates = rates,
    };

    // The loss is convex in the share, in which the forecast is linear: down from the whole until it rises.
    private float BestShare(int number, RidgeSkip skip, float[] trained, NormalizedWindows validation, ITrainingEngine engine)
    {
        using ITrainingEngine? own = plan.TrainSkip ? null : Engine(number, spec);
        ITrainingEngine whole = own ?? engine;
        TrainingLoop loop = Loop(whole, number, plan.Training);
        int best = Shares;
        for (double least = Loss(best), next; best > 0 && (next = Loss(best - 1)) < least; least = next)
            best--;
        return (float)best / Shares * (validation.Count < RidgeRegression.FewestHorizons * settings.Horizon ? EvenShare : 1);

        double Loss(int tenths)
        {
            whole.ImportWeights(skip.Mix(trained, (float)tenths / Shares));
            return loop.Evaluate(validation);
        }
    }

    private static float[] Weights(ITrainingEngine engine)
    {
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        return weights;
    }
}
