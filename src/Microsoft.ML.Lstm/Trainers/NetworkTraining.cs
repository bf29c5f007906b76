using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Embedding;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>From a dataset to a trained network: split, scale, train, report. Knows no task and no data view.</summary>
internal sealed class NetworkTraining(IHost host, NetworkSettings settings)
{
    /// <summary>Trains a network.</summary>
    /// <param name="input">What the columns of sequences are.</param>
    /// <param name="outputSize">Numbers per output.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="scaleTargets">Whether numeric targets are scaled, and outputs are to be scaled back.</param>
    /// <param name="data">What to train on, and, unless <paramref name="validation"/> is given, to validate on.</param>
    /// <param name="validation">What to validate on; null: what the options hold back.</param>
    /// <param name="embedding">What the embedding begins with; null: random numbers.</param>
    public TrainedNetwork Run(
        SequenceInput input, int outputSize, LossSpec loss, bool scaleTargets, SequenceDataset data, SequenceDataset? validation, float[]? embedding = null)
    {
        using IChannel channel = host.Start("Training");
        SequenceDataset training = data;
        if (validation is null)
            (training, validation) = Split(channel, data);
        FeatureScaling? features = settings.ScaleFeatures && input.FeatureSize > 0 ? FeatureScaling.OfFeatures(training) : null;
        FeatureScaling? targets = scaleTargets ? FeatureScaling.OfTargets(training) : null;
        EngineOptions options = settings.Engine with { Loss = loss };
        using var engine = new ManagedEngine(settings.NetworkFor(input, outputSize), options);
        if (embedding is not null)
            InitialEmbedding.Set(engine, embedding);
        using var report = new TrainingReport(host, channel, settings.Training.Epochs);
        report.Begin(engine.Parameters.ParameterCount, training, validation);
        var doctor = new NetworkDoctor(engine, options, settings.Training with { ValidationFraction = 0 })
        {
            BatchDone = settings.BatchDone,
            EpochDone = report.EpochDone + settings.EpochDone,
            Found = report.Found,
        };
        TrainingHistory history = doctor.Train(
            training.WithScaling(features, targets), validation?.WithScaling(features, targets), settings.CancellationToken);
        report.End(history);
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        var file = new ModelFile { Spec = engine.Spec, Loss = loss, Weights = weights, FeatureScaling = features, TargetScaling = targets, Window = data.Window };
        return new TrainedNetwork(file, input, history, doctor.Diagnosis);
    }

    // A default fraction must not make a handful of sequences an error.
    private (SequenceDataset Training, SequenceDataset? Validation) Split(IChannel channel, SequenceDataset data)
    {
        double fraction = settings.Training.ValidationFraction;
        bool isStream = settings.Training.Order == BatchOrderKind.Streams;
        int count = isStream ? data.Length(0) : data.Count;
        if (fraction == 0 || (count >= 2 && count * fraction >= 1))
            return settings.Training.Split(data);
        channel.Warning(MessageSensitivity.None, FormattableString.Invariant(
            $"Training without validation: {count} {(isStream ? "tokens" : "sequences")} are too few to hold back a part of {fraction}."));
        return (data, null);
    }
}
