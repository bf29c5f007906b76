using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Embedding;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;
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
    /// <param name="validation">What to validate on; null: what the options hold out.</param>
    /// <param name="embedding">Initial rows of the embedding; null: random values.</param>
    /// <param name="initial">The model whose training is continued, with its weights and scaling; null: none.</param>
    /// <param name="linearSkip">Whether the network is to learn what a linear forecast from the normalised window misses; an initial model's has it already.</param>
    /// <exception cref="ArgumentException">The options describe a network of another shape than the initial model's.</exception>
    public TrainedNetwork Run(
        SequenceInput input, int outputSize, LossSpec loss, bool scaleTargets, SequenceDataset data, SequenceDataset? validation, float[]? embedding = null,
        RecurrentModel? initial = null, bool linearSkip = false)
    {
        NetworkSpec network = settings.NetworkFor(input, outputSize);
        if (initial is not null)
            InitialModel.RequireShape(network, initial.Spec);
        using IChannel channel = host.Start("Training");
        DataParallel? distribution = settings.Distribution.Begin(channel, ref settings);
        SequenceDataset training = data;
        if (validation is null)
            (training, validation) = Split(channel, data);
        var together = new Lockstep(training.Share is null ? null : distribution?.Group);
        if (linearSkip && initial is null)
        {
            WindowTransform window = training.Window! with { Linear = together.Run(() => WindowRegression.Fit(training)) };
            (training, validation) = (training.WithWindow(window), validation?.WithWindow(window));
        }
        (FeatureScaling? features, FeatureScaling? targets) = initial is not null
            ? (initial.FeatureScaling, initial.TargetScaling)
            : together.Run(() => (
                settings.ScaleFeatures && input.FeatureSize > 0 ? FeatureScaling.OfFeatures(training) : null, scaleTargets ? ScalingOfTargets(training) : null));
        RequireMemory(network, training);
        using ITrainingEngine engine = settings.TrainingEngine.Create(new EngineRequest(network, settings.Engine with { Loss = loss }));
        if (embedding is not null)
            InitialEmbedding.Set(engine, embedding);
        if (initial is not null)
            engine.ImportWeights(initial.Network.ExportWeights());
        LinearStart? start = LinearStart.Of(engine, training, initial);
        using var cancellation = new HostCancellation(host, settings.CancellationToken);
        using var report = new TrainingReport(host, channel);
        bool isFirst = distribution is null or { Group.Rank: 0 };
        var doctor = new NetworkDoctor { Found = isFirst ? report.Found : null };
        var callbacks = new TrainingCallbacks
        {
            BatchDone = (isFirst ? settings.BatchDone : null) + (_ => cancellation.Look()),
            EpochDone = (isFirst ? settings.EpochDone : null) + (_ => cancellation.Look()),
        };
        var loop = new TrainingLoop(engine, settings.Training with { ValidationFraction = 0 })
        {
            Observers = isFirst ? [doctor, report, new TrainingMeter(host.ContextDescription.Split(';')[^1]), callbacks] : [doctor, callbacks],
            Distribution = distribution,
        };
        (SequenceDataset scaled, SequenceDataset? held) = (training.WithScaling(features, targets), validation?.WithScaling(features, targets));
        start?.Measure(loop, held);
        doctor.LinearLoss = start?.Loss;
        TrainingHistory history = loop.Run(scaled, held, cancellation.Token);
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        if (start?.Loss is not null)
        {
            bool isKept = start.IsKept(loop);
            doctor.Conclude(isKept);
            weights = isKept ? start.Weights : weights;
        }
        var file = new ModelFile { Spec = engine.Spec, Loss = loss, Weights = weights, FeatureScaling = features, TargetScaling = targets, Window = training.Window };
        return new TrainedNetwork(file, input, history, doctor.Diagnosis);
    }

    // What a linear forecast misses is not centred: where the network adds nothing, the line alone is to forecast.
    private static FeatureScaling ScalingOfTargets(SequenceDataset training)
    {
        FeatureScaling scaling = FeatureScaling.OfTargets(training);
        return training.Window?.Linear is null ? scaling : new FeatureScaling(new float[scaling.Size], scaling.Scale);
    }

    // The longest sequences may come together in one batch.
    private void RequireMemory(NetworkSpec network, SequenceDataset data)
    {
        if (settings.Training.Order == BatchOrderKind.Streams)
        {
            int streams = settings.Training.BatchSize;
            PassMemory.Require(network, (long)streams * settings.Training.ChunkSteps, forTraining: true,
                Invariant($"A batch of {Plural.Of(streams, "stream")} of {Plural.Of(settings.Training.ChunkSteps, "step")}"));
            return;
        }
        int[] lengths = [.. Enumerable.Range(0, data.Count).Select(data.Length)];
        Array.Sort(lengths);
        int[] longest = lengths[^Math.Min(lengths.Length, settings.Training.BatchSize)..];
        PassMemory.Require(network, longest.Sum(length => (long)length), forTraining: true,
            Invariant($"A batch of {Plural.Of(longest.Length, "sequence")} of up to {Plural.Of(longest[^1], "step")}"));
    }

    // A default fraction must not make a handful of sequences an error.
    private (SequenceDataset Training, SequenceDataset? Validation) Split(IChannel channel, SequenceDataset data)
    {
        double fraction = settings.Training.ValidationFraction;
        bool isStream = settings.Training.Order == BatchOrderKind.Streams;
        int count = isStream ? data.Length(0) : data.Count;
        bool isEnough = count >= 2 && count * fraction >= 1;
        bool isLast = settings.Training.ValidationPart == ValidationPart.Last;
        if (fraction == 0 || (isEnough && (isStream || !isLast || data.TrySplitLast(fraction, out _, out _))))
            return settings.Training.Split(data);
        channel.Warning(MessageSensitivity.None, isEnough
            ? Invariant($"Training without validation: no series has {data.LabelGap + 2} windows, so that the labels of the last would not overlap those trained on.")
            : Invariant($"Training without validation: {(isStream ? Plural.Of(count, "token is", "tokens are") : Plural.Of(count, "sequence is", "sequences are"))} too few to hold out a fraction of {fraction}."));
        return (data, null);
    }
}
