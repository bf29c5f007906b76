namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>One way to begin and to step, under the name it has in the table.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Initialization">The initial weights.</param>
/// <param name="ClipNorm">Largest norm of the gradient.</param>
/// <param name="RateFactor">What the task's learning rate is multiplied by.</param>
/// <param name="BatchFactor">What the task's batch size is multiplied by.</param>
internal sealed record WeightsVariant(string Name, InitializationSpec Initialization, float ClipNorm = 1, float RateFactor = 1, float BatchFactor = 1)
{
    // Uniform in ±0.1 has this standard deviation.
    private const float SmallEmbedding = 0.0577f;

    private static readonly InitializationSpec s_glorot = new() { EmbeddingStandardDeviation = SmallEmbedding };

    private static readonly InitializationSpec s_pyTorch = new()
    {
        Weights = Lstm.Initialization.Uniform,
        Recurrent = Lstm.Initialization.Uniform,
        ForgetBias = 0,
        EmbeddingStandardDeviation = 1,
    };

    /// <summary>The reference, then each factor changed by itself, then combinations.</summary>
    public static IReadOnlyList<WeightsVariant> All { get; } =
    [
        new("glorot-orthogonal", s_glorot),
        new("embedding-0.3", s_glorot with { EmbeddingStandardDeviation = 0.3f }),
        new("embedding-1", s_glorot with { EmbeddingStandardDeviation = 1 }),
        new("weights-uniform", s_glorot with { Weights = Lstm.Initialization.Uniform }),
        new("recurrent-uniform", s_glorot with { Recurrent = Lstm.Initialization.Uniform }),
        new("forget-0", s_glorot with { ForgetBias = 0 }),
        new("clip-5", s_glorot, ClipNorm: 5),
        new("rate-x2", s_glorot, RateFactor: 2),
        new("rate-x4", s_glorot, RateFactor: 4),
        new("batch-half", s_glorot, BatchFactor: 0.5f),
        new("pytorch", s_pyTorch),
        new("pytorch-embedding-0.06", s_pyTorch with { EmbeddingStandardDeviation = SmallEmbedding }),
        new("pytorch-forget-1", s_pyTorch with { ForgetBias = 1 }),
        new("embedding-1-rate-x2", s_glorot with { EmbeddingStandardDeviation = 1 }, RateFactor: 2),
        new("embedding-1-clip-5", s_glorot with { EmbeddingStandardDeviation = 1 }, ClipNorm: 5),
    ];

    /// <summary>Sets a trainer's options to this.</summary>
    public void ApplyTo(RecurrentNetworkOptions options, float learningRate, int seed, int threads)
    {
        (options.Initialization, options.ClipNorm) = (Initialization, ClipNorm);
        options.LearningRate = learningRate * RateFactor;
        options.BatchSize = Math.Max(1, (int)(options.BatchSize * BatchFactor));
        (options.Seed, options.NumberOfThreads) = (seed, threads);
        (options.Patience, options.RestoreBestWeights) = (null, false);
    }
}
