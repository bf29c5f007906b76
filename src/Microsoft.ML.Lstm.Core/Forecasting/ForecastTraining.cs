using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// From series to a forecaster: windows of all of them, the last of each held out; one network or several; intervals calibrated on what was held out, and the forecasts compared there
/// with those that need no learning.
/// </summary>
internal sealed class ForecastTraining
{
    private readonly ForecastPlan _plan;
    private readonly ForecastInput _input;
    private readonly ForecastSettings _settings;
    private readonly IReadOnlyList<SeriesData> _series;
    private readonly NormalizedWindows _training;
    private readonly NormalizedWindows? _validation;

    /// <summary>Lays out the windows.</summary>
    /// <exception cref="InvalidOperationException">No series is long enough for a window and its horizon.</exception>
    public ForecastTraining(ForecastPlan plan, ForecastInput input, IReadOnlyList<SeriesData> series, TimeStep? step)
    {
        (_plan, _input, _series) = (plan, input, series);
        _settings = ForecastSetup.Measure(plan, series, input, step);
        var split = new ForecastSplit(_settings, series, plan.Training.ValidationFraction, plan.WindowsPerEpoch);
        (_training, _validation) = (split.Training, split.Validation);
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
        NetworkSpec spec = Spec();
        var members = new List<NetworkScorer>();
        TrainingHistory? history = null;
        for (int member = 0; member < _plan.MemberCount; member++)
        {
            using ITrainingEngine engine = _plan.TrainingEngine.Create(new EngineRequest(spec, _plan.Engine with { Seed = _plan.Engine.Seed + member }));
            var loop = new TrainingLoop(engine, _plan.Training with { ValidationFraction = 0, Seed = _plan.Training.Seed + member }) { Observers = observers };
            TrainingHistory trained = loop.RunOn(_training, _validation, cancellationToken);
            history ??= trained;
            float[] weights = new float[engine.Parameters.BlockLength];
            engine.ExportWeights(weights);
            members.Add(new NetworkScorer(spec, weights));
        }
        var model = new ForecastModel(members, _plan.Engine.Loss, _settings, _input, calibration: null, history!, new NetworkDiagnosis());
        if (_validation is null)
            return model;
        var review = new ForecastReview(model, _series, _validation);
        review.Run(_plan.ConfidenceLevel);
        return new ForecastModel(members, _plan.Engine.Loss, _settings, _input, review.Calibration, history!, review.Diagnosis);
    }

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
}
