using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>From a dataset to a trained network: split, scale, train, report. Knows no task.</summary>
internal sealed class NetworkTrainer(IHost host, TrainerSettings settings)
{
    /// <summary>Trains a network.</summary>
    /// <param name="input">What the sequences are.</param>
    /// <param name="outputSize">Numbers per output.</param>
    /// <param name="scaleTargets">Whether numeric targets are scaled, and outputs are to be scaled back.</param>
    /// <param name="data">What to train on, and, unless <paramref name="validation"/> is given, to validate on.</param>
    /// <param name="validation">What to validate on; null: what the options hold back.</param>
    public TrainedNetwork Train(SequenceColumn input, int outputSize, bool scaleTargets, SequenceDataset data, SequenceDataset? validation)
    {
        using IChannel channel = host.Start("Training");
        SequenceDataset training = data;
        if (validation is null)
            (training, validation) = Split(channel, data);
        FeatureScaling? features = settings.ScaleFeatures && !input.IsTokens ? FeatureScaling.OfFeatures(training) : null;
        FeatureScaling? targets = scaleTargets ? FeatureScaling.OfTargets(training) : null;
        using var engine = new ManagedEngine(settings.NetworkFor(input, outputSize), settings.Engine);
        using var report = new TrainingReport(host, channel, settings.Training.Epochs);
        report.Begin(engine.Parameters.ParameterCount, training, validation);
        var loop = new TrainingLoop(engine, settings.Training with { ValidationFraction = 0 })
        {
            BatchDone = settings.BatchDone,
            EpochDone = report.EpochDone + settings.EpochDone,
        };
        TrainingHistory history = loop.Run(
            training.WithScaling(features, targets), validation?.WithScaling(features, targets), settings.CancellationToken);
        report.End(history);
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        var file = new ModelFile { Spec = engine.Spec, Loss = settings.Engine.Loss, Weights = weights, FeatureScaling = features, TargetScaling = targets };
        return new TrainedNetwork(file, input, history);
    }

    // A default fraction must not make a handful of sequences an error.
    private (SequenceDataset Training, SequenceDataset? Validation) Split(IChannel channel, SequenceDataset data)
    {
        double fraction = settings.Training.ValidationFraction;
        if (fraction == 0 || (data.Count >= 2 && data.Count * fraction >= 1))
            return settings.Training.Split(data);
        channel.Warning(MessageSensitivity.None, FormattableString.Invariant(
            $"Training without validation: {data.Count} sequences are too few to hold back a part of {fraction}."));
        return (data, null);
    }
}
