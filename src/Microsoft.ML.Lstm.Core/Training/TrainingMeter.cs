using System.Diagnostics.Metrics;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// Measures trainings by <c>System.Diagnostics.Metrics</c>, from where OpenTelemetry and <c>dotnet-counters</c> read: the meter <see
/// cref="MeterName"/>. All estimators have one; while nobody listens it
/// costs nothing.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Instrument</term><description>Is</description></listheader>
/// <item><term><c>lstm.training.epochs</c>, <c>.steps</c>, <c>.sequences</c></term><description>counters: passes over the data, updates,
/// sequences trained on</description></item>
/// <item><term><c>lstm.training.loss</c>, <c>lstm.validation.loss</c></term><description>gauges: mean loss of the last
/// epoch</description></item>
/// <item><term><c>lstm.training.learning_rate</c>, <c>.gradient_norm</c></term><description>gauges: of the last epoch</description></item>
/// <item><term><c>lstm.training.steps_per_second</c>, <c>.sequences_per_second</c></term><description>gauges: speed in the last epoch,
/// validation excluded</description></item>
/// <item><term><c>lstm.training.epoch.duration</c></term><description>histogram: seconds of an epoch, validation
/// included</description></item>
/// </list>
/// Every measurement has the tag <c>lstm.trainer</c>.
/// </remarks>
public sealed class TrainingMeter : ITrainingObserver
{
    /// <summary>The meter's name: <c>"Microsoft.ML.Lstm"</c>.</summary>
    public const string MeterName = "Microsoft.ML.Lstm";

    private const string Training = "lstm.training.";
    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_epochs = s_meter.CreateCounter<long>(Training + "epochs", "{epoch}", "Passes over the data.");
    private static readonly Counter<long> s_steps = s_meter.CreateCounter<long>(Training + "steps", "{step}", "Updates of the weights.");
    private static readonly Counter<long> s_sequences =
        s_meter.CreateCounter<long>(Training + "sequences", "{sequence}", "Sequences trained on.");
    private static readonly Gauge<double> s_loss =
        s_meter.CreateGauge<double>(Training + "loss", null, "Mean training loss of the last epoch.");
    private static readonly Gauge<double> s_validationLoss =
        s_meter.CreateGauge<double>("lstm.validation.loss", null, "Mean validation loss after the last epoch.");
    private static readonly Gauge<double> s_learningRate =
        s_meter.CreateGauge<double>(Training + "learning_rate", null, "Learning rate of the last epoch's last step.");
    private static readonly Gauge<double> s_gradientNorm =
        s_meter.CreateGauge<double>(Training + "gradient_norm", null, "Mean norm of the gradient in the last epoch.");
    private static readonly Gauge<double> s_stepRate =
        s_meter.CreateGauge<double>(Training + "steps_per_second", "{step}/s", "Updates per second in the last epoch.");
    private static readonly Gauge<double> s_sequenceRate =
        s_meter.CreateGauge<double>(Training + "sequences_per_second", "{sequence}/s", "Sequences per second in the last epoch.");
    private static readonly Histogram<double> s_duration =
        s_meter.CreateHistogram<double>(Training + "epoch.duration", "s", "Duration of an epoch.");

    private readonly KeyValuePair<string, object?> _trainer;
    private long _stepsOfEpoch, _sequencesOfEpoch;

    /// <param name="trainer">What trains: the value of the tag <c>lstm.trainer</c>.</param>
    public TrainingMeter(string trainer)
    {
        ArgumentException.ThrowIfNullOrEmpty(trainer);
        _trainer = new KeyValuePair<string, object?>("lstm.trainer", trainer);
    }

    /// <inheritdoc/>
    public void AfterBatch(in BatchReport report)
    {
        _stepsOfEpoch++;
        _sequencesOfEpoch += report.Sequences;
        s_steps.Add(1, _trainer);
        s_sequences.Add(report.Sequences, _trainer);
    }

    /// <inheritdoc/>
    public void AfterEpoch(EpochReport report)
    {
        s_epochs.Add(1, _trainer);
        s_loss.Record(report.Loss, _trainer);
        if (report.ValidationLoss is { } validation)
            s_validationLoss.Record(validation, _trainer);
        s_learningRate.Record(report.LearningRate, _trainer);
        s_gradientNorm.Record(report.GradientNorm, _trainer);
        s_sequenceRate.Record(report.SequencesPerSecond, _trainer);
        if (_sequencesOfEpoch > 0)
            s_stepRate.Record(report.SequencesPerSecond * _stepsOfEpoch / _sequencesOfEpoch, _trainer);
        s_duration.Record(report.Seconds, _trainer);
        (_stepsOfEpoch, _sequencesOfEpoch) = (0, 0);
    }
}
