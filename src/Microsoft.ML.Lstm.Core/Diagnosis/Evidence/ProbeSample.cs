using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>The few training examples that a doctor looks at the network with, the same every time, drawn by the training's seed.</summary>
internal sealed class ProbeSample
{
    // Three looks, each about as dear as training on the sample once, then stay near a hundredth of the training.
    private const int TrainingShare = 600;

    // Fewer examples say little of a variance; more would say no more.
    private const int Fewest = 32, Most = 128;

    // Bounds the memory of a pass over very long sequences.
    private const int MostRows = 1 << 16;

    // As much as a language model's batch has.
    private const int MostOutputs = 1 << 23;

    // Of a long sequence with a target at every step, some steps are enough.
    private const int MostSteps = 256;

    private readonly SequenceDataset _dataset;
    private readonly int[] _examples;
    private readonly int _steps;
    private readonly int _seed;

    /// <summary>Draws the examples.</summary>
    /// <param name="training">From these.</param>
    /// <param name="options">Say how long the training will be, which bounds their number.</param>
    /// <param name="outputSize">Outputs of the network.</param>
    public ProbeSample(SequenceDataset training, TrainingOptions options, int outputSize)
    {
        _seed = options.Seed;
        _steps = !training.Shape.TargetEveryStep ? int.MaxValue : options.Order == BatchOrderKind.Streams ? options.ChunkSteps : MostSteps;
        bool isStream = training.Count == 1 && training.Shape.TargetEveryStep;
        _dataset = isStream ? training.CutIntoStreams(Math.Clamp(training.Length(0) / _steps, 1, Most)) : training;
        int longest = Math.Min(_steps, Enumerable.Range(0, _dataset.Count).Max(_dataset.Length));
        double planned = (double)options.Epochs * _dataset.Count;
        if (options.MaximumSteps is { } steps)
            planned = Math.Min(planned, (double)steps * options.BatchSize);
        int count = Math.Clamp((int)Math.Min(Most, planned / TrainingShare), Fewest, Most);
        count = Math.Clamp(Math.Min(count, RowLimit(training, outputSize) / longest), 1, _dataset.Count);
        int[] order = [.. Enumerable.Range(0, _dataset.Count)];
        new RandomStream(_seed, "doctor").Shuffle(order);
        _examples = [.. order.Take(count).Order()];
    }

    /// <summary>The examples as last filled.</summary>
    public SequenceBatch Batch { get; } = new();

    /// <summary>Fills the batch.</summary>
    public void Fill() => _dataset.Fill(Batch, _examples, 0, _steps);

    /// <summary>Fills the batch with the steps of each example in random order; where steps have targets, these move with them.</summary>
    public void FillShuffled()
    {
        Fill();
        var random = new RandomStream(_seed, "doctor shuffles");
        bool targets = _dataset.Shape.TargetEveryStep;
        for (int p = 0; p < Batch.SequenceCount; p++)
            for (int t = Batch.Lengths[p] - 1; t > 0; t--)
            {
                (int a, int b) = (Batch.Row(p, t), Batch.Row(p, random.NextInt(t + 1)));
                Swap(Batch.Features, Batch.FeatureSize, a, b);
                Swap(Batch.Tokens, Batch.HasTokens ? 1 : 0, a, b);
                Swap(Batch.Targets, targets ? Batch.TargetSize : 0, a, b);
                Swap(Batch.Classes, targets ? 1 : 0, a, b);
            }
    }

    private static int RowLimit(SequenceDataset training, int outputSize) =>
        training.Shape.TargetEveryStep ? Math.Min(MostRows, MostOutputs / outputSize) : MostRows;

    private static void Swap<T>(Span<T> rows, int width, int a, int b)
    {
        for (int i = 0; i < width; i++)
            (rows[(a * width) + i], rows[(b * width) + i]) = (rows[(b * width) + i], rows[(a * width) + i]);
    }
}
