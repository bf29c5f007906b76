namespace Microsoft.ML.Lstm.Training;

/// <summary>What an engine needs to train besides the architecture.</summary>
public sealed record EngineOptions
{
    /// <summary>What is minimised.</summary>
    public LossSpec Loss { get; init; } = new();

    /// <summary>How the weights move.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>Dropout.</summary>
    public RegularizationSpec Regularization { get; init; } = new();

    /// <summary>How the weights begin.</summary>
    public InitializationSpec Initialization { get; init; } = new();

    /// <summary>Largest global norm of the gradient; it is scaled down to that (Pascanu, Mikolov and Bengio 2013). Null: no limit.</summary>
    public float? ClipNorm { get; init; }

    /// <summary>Largest magnitude of each gradient element, applied before <see cref="ClipNorm"/>. Null: no limit.</summary>
    public float? ClipValue { get; init; }

    /// <summary>
    /// η: normal noise of mean 0 and variance η / (1 + t)^0.55 is added to every element of the clipped gradient at update t, counted from 0
    /// (Neelakantan et al. 2015). Null: none.
    /// </summary>
    public float? GradientNoise { get; init; }

    /// <summary>Whether the recurrent state at the end of a batch begins the next (truncated backpropagation through time).</summary>
    public bool Stateful { get; init; }

    /// <summary>Whether the embedding stays as given.</summary>
    public bool FreezeEmbedding { get; init; }

    /// <summary>Seed of the initial weights, of dropout and of gradient noise.</summary>
    public int Seed { get; init; }

    /// <summary>Threads to compute with; null: all cores. The result does not depend on it.</summary>
    public int? Threads { get; init; }
}
