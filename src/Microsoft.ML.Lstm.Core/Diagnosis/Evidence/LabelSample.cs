using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>Labels and what each counts in the loss, scaled as the network is to predict them.</summary>
internal sealed class LabelSample
{
    private readonly List<float> _numbers = [], _weights = [];
    private readonly List<int> _classes = [];

    private readonly LossSpec _loss;

    private LabelSample(int size, LossSpec loss) => (Size, _loss) = (size, loss);

    /// <summary>Values per label; 0 for classes.</summary>
    public int Size { get; }

    /// <summary>Labels.</summary>
    public int Count => _weights.Count;

    /// <summary>The largest class, or −1.</summary>
    public int LargestClass => _classes.DefaultIfEmpty(-1).Max();

    /// <summary>Numeric labels, [count, size].</summary>
    public ReadOnlySpan<float> Numbers => CollectionsMarshal.AsSpan(_numbers);

    /// <summary>Classes, each 0 or more.</summary>
    public ReadOnlySpan<int> Classes => CollectionsMarshal.AsSpan(_classes);

    /// <summary>Weight of each label: its example's times its class's, as the loss has it.</summary>
    public ReadOnlySpan<float> Weights => CollectionsMarshal.AsSpan(_weights);

    /// <summary>
    /// The labels of a dataset, or when they come to more than <paramref name="most"/> values, about so many drawn at random.
    /// </summary>
    public static LabelSample Of(SequenceDataset dataset, LossSpec loss, int most, RandomStream random)
    {
        int size = dataset.Shape.Target == TargetKind.Numbers ? dataset.Shape.TargetSize : 0;
        var sample = new LabelSample(size, loss);
        long rows = dataset.Shape.TargetEveryStep ? dataset.StepCount : dataset.Count;
        double share = (double)most / Math.Max(1, rows * Math.Max(1, size));
        WindowLevels? levels = dataset.Window is { } window ? new WindowLevels(window) : null;
        float[] buffer = [];
        for (int example = 0; example < dataset.Count; example++)
        {
            ReadOnlySpan<float> targets = dataset.NormalizedTargets(example, levels, ref buffer);
            ReadOnlySpan<int> classes = dataset.Classes(example);
            int count = size > 0 ? targets.Length / size : classes.Length;
            float weight = dataset.Weight(example);
            for (int row = 0; row < count; row++)
                if (share >= 1 || random.NextDouble() < share)
                    sample.Add(targets.Slice(row * size, size), size > 0 ? 0 : classes[row], weight, dataset.TargetScaling);
        }
        return sample;
    }

    /// <summary>The labels of a batch.</summary>
    public static LabelSample Of(SequenceBatch batch, LossSpec loss, OutputPosition output)
    {
        var sample = new LabelSample(batch.TargetSize, loss);
        int size = batch.TargetSize;
        bool everyStep = output == OutputPosition.EveryStep;
        for (int t = 0, row = 0; row < batch.TargetRows; t++)
            for (int p = 0; p < (everyStep ? batch.Rows(t) : batch.SequenceCount); p++, row++)
                sample.Add(batch.Targets.Slice(row * size, size), size > 0 ? 0 : batch.Classes[row], batch.Weights[p], null);
        return sample;
    }

    private void Add(ReadOnlySpan<float> numbers, int label, float weight, FeatureScaling? scaling)
    {
        if (label < 0)
            return;
        _weights.Add(weight * ClassWeight(numbers, label));
        if (Size == 0)
            _classes.Add(label);
        for (int i = 0; i < Size; i++)
            _numbers.Add(scaling is null ? numbers[i] : (float)((numbers[i] - (double)scaling.Mean[i]) / scaling.Scale[i]));
    }

    private float ClassWeight(ReadOnlySpan<float> numbers, int label)
    {
        if (_loss.ClassWeights is not { } weights)
            return 1;
        int side = Size == 0 ? label : numbers[0] < 0.5f ? 0 : 1;
        return side < weights.Count ? weights[side] : 1;
    }
}
