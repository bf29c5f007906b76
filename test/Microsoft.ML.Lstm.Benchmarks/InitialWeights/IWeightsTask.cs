using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>A training whose losses tell how good its initial weights were.</summary>
internal interface IWeightsTask
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Trains once; the losses of the epochs.</summary>
    /// <param name="variant">How to begin.</param>
    /// <param name="seed">Seed of weights and order.</param>
    /// <param name="threads">Threads to compute with.</param>
    TrainingHistory Train(WeightsVariant variant, int seed, int threads);
}
