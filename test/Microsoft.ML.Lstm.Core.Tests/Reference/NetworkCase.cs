using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>A network, a loss and a batch to try them on, all decided by <paramref name="Seed"/>.</summary>
/// <param name="Name">Says what is special about it.</param>
/// <param name="Spec">The architecture.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Lengths">Steps of each sequence.</param>
/// <param name="Weighted">Whether sequences have weights other than 1.</param>
/// <param name="Dropout">Whether the reference is to be run with dropout masks.</param>
/// <param name="CarriedState">Whether the reference is to be run from given states.</param>
/// <param name="Seed">Seed of everything random.</param>
internal sealed record NetworkCase(
    string Name, NetworkSpec Spec, LossSpec Loss, int[] Lengths, bool Weighted, bool Dropout, bool CarriedState, int Seed)
{
    /// <summary>Dropout's rate at every place, when there is dropout.</summary>
    public const float DropoutRate = 0.3f;

    /// <summary>Half-width of the weights' uniform distribution.</summary>
    public double WeightScale { get; init; } = 0.6;

    public override string ToString() => Name;

    /// <summary>The reference network with this case's weights, which floats represent exactly.</summary>
    public ReferenceNetwork Network()
    {
        var network = new ReferenceNetwork(Spec, Loss);
        var random = new Random(Seed);
        foreach (ParameterSlice slice in network.Layout.Slices)
            for (int i = 0; i < slice.Length; i++)
                network.Weights[slice.Offset + i] = (float)(Center(slice.Name) + WeightScale * (random.NextDouble() * 2 - 1));
        return network;
    }

    /// <summary>This case's weights as an engine takes them.</summary>
    public float[] EngineWeights() => Array.ConvertAll(Network().Weights, w => (float)w);

    /// <summary>The batch.</summary>
    /// <param name="variant">Other numbers give other contents of the same shape.</param>
    public SequenceBatch Batch(int variant = 0)
    {
        var random = new Random(Seed + 1000 * (variant + 1));
        var batch = new SequenceBatch();
        int targetSize = Loss.TargetsAreClasses ? 0 : Loss.Kind == LossKind.Quantile ? Spec.OutputSize / Loss.Quantiles.Count : Spec.OutputSize;
        batch.Reset(Lengths, Spec.InputSize, Spec.VocabularySize > 0, targetSize, Spec.Output == OutputPosition.EveryStep);
        foreach (ref float x in batch.Features)
            x = (float)(random.NextDouble() * 4 - 2);
        foreach (ref int token in batch.Tokens)
            token = random.Next(Spec.VocabularySize);
        foreach (ref float t in batch.Targets)
            t = Loss.Kind == LossKind.BinaryCrossEntropy ? random.Next(2) : (float)(random.NextDouble() * 3 - 1);
        // The first row counts, so that some row does.
        for (int i = 0; i < batch.TargetRows; i++)
            batch.Classes[i] = random.Next(i == 0 ? 0 : -1, Spec.OutputSize);
        if (Weighted)
            foreach (ref float w in batch.Weights)
                w = (float)(0.25 + 2 * random.NextDouble());
        return batch;
    }

    /// <summary>Dropout factors for <see cref="Batch"/>, or null.</summary>
    public ReferenceMasks? Masks(SequenceBatch batch) => Dropout ? ReferenceMasks.Draw(Spec, batch, DropoutRate, new Random(Seed + 1)) : null;

    /// <summary>States to begin with, or null.</summary>
    public ReferenceState[][]? InitialStates()
    {
        var random = new Random(Seed + 2);
        double[] Draw(int size) => [.. Enumerable.Range(0, size).Select(_ => (double)(float)(random.NextDouble() - 0.5))];
        return CarriedState
            ? [.. Spec.HiddenSizes.SelectMany(units => Enumerable.Range(0, Spec.Directions).Select(_ => Lengths
                .Select(_ => new ReferenceState(Draw(units), Draw(Spec.Cell == CellKind.Lstm ? units : 0))).ToArray()))]
            : null;
    }

    private double Center(string name) => name switch
    {
        _ when name.Contains("norm_") && !name.Contains("bias") => 1,
        // Keeps rectifiers from all being shut.
        _ when name.Contains("bias_ih") && Spec.Cell == CellKind.RnnRelu => 0.6,
        _ => 0,
    };
}
