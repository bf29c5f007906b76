using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Network;

/// <summary>What training a network takes, and a pass over a batch beside the weights, told before it is taken.</summary>
internal static class PassMemory
{
    // Below this no one is asked how much memory there is, which allocates.
    private const long Ordinary = 1 << 28;

    // The weights, packed forward and back, the gradient, two moments of an optimiser.
    private const long BlocksInTraining = 6;

    /// <summary>Refuses a batch that does not fit into memory, or of which a matrix does not fit into an array.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="rows">Steps of all sequences of the batch.</param>
    /// <param name="forTraining">Whether the pass keeps what the backward pass needs.</param>
    /// <param name="what">The batch, in words that begin a sentence.</param>
    /// <exception cref="InvalidOperationException">Names the batch, the memory it needs and what there is.</exception>
    public static void Require(NetworkSpec spec, long rows, bool forTraining, string what)
    {
        long bytes = Bytes(spec, rows, forTraining);
        if (bytes <= Ordinary)
            return;
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
            throw new InvalidOperationException(Invariant($"{what} needs about {Gigabytes(bytes)} GB in this network; expected at most {Gigabytes(available)} GB, what this process may use."));
        long widest = Widest(spec, forTraining), most = Array.MaxLength / widest;
        if (rows > most)
            throw new InvalidOperationException(Invariant($"{what} has {rows} steps in all; expected at most {most} in this network, whose matrices have {widest} values a step."));
    }

    /// <summary>Refuses to train a network whose parameters, with all that training keeps of each, do not fit into memory.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="available">Bytes that there are; null: what this process may use.</param>
    /// <exception cref="InvalidOperationException">Names the memory that is needed and what there is.</exception>
    public static void RequireTraining(ParameterLayout parameters, long? available = null)
    {
        long bytes = sizeof(float) * BlocksInTraining * parameters.BlockLength;
        if (bytes <= Ordinary)
            return;
        long most = available ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > most)
            throw new InvalidOperationException(Invariant($"The network has {parameters.ParameterCount} parameters and needs about {Gigabytes(bytes)} GB to be trained; expected at most {Gigabytes(most)} GB, what this process may use. Smaller HiddenSizes or EmbeddingSize need less."));
    }

    /// <summary>About how many bytes a pass takes.</summary>
    public static long Bytes(NetworkSpec spec, long rows, bool forTraining)
    {
        double floats = Gemm.Stride(spec.StepSize) + (spec.Output == OutputPosition.EveryStep ? 2.0 * Gemm.Stride(spec.OutputSize) : 0);
        for (int layer = 0; layer < spec.HiddenSizes.Count; layer++)
        {
            double units = Gemm.Stride(spec.HiddenSizes[layer]), kept = forTraining ? (2 * ParameterLayout.Gates(spec.Cell)) + 3 : 1;
            floats += spec.Directions * units * kept;
        }
        return (long)Math.Min(long.MaxValue / 2, floats * sizeof(float) * rows);
    }

    private static long Widest(NetworkSpec spec, bool forTraining)
    {
        long widest = Math.Max(Gemm.Stride(spec.StepSize), spec.Output == OutputPosition.EveryStep ? Gemm.Stride(spec.OutputSize) : 1);
        for (int layer = 0; layer < spec.HiddenSizes.Count; layer++)
            widest = Math.Max(widest, (long)Gemm.Stride(spec.HiddenSizes[layer]) * (forTraining ? ParameterLayout.Gates(spec.Cell) : spec.Directions));
        return widest;
    }

    private static string Gigabytes(long bytes) => Invariant($"{bytes / 1e9:0.#}");
}
