namespace Microsoft.ML.Lstm;

/// <summary>How weights begin. Biases begin at zero, but for the forget gate's.</summary>
public sealed record InitializationSpec
{
    /// <summary>The input, embedding-free and output weights. Default: Glorot.</summary>
    public Initialization Weights { get; init; } = Initialization.Glorot;

    /// <summary>The recurrent weights. Default: orthogonal.</summary>
    public Initialization Recurrent { get; init; } = Initialization.Orthogonal;

    /// <summary>Half-width of <see cref="Initialization.Uniform"/>; null means 1/√H, PyTorch's. Default: null.</summary>
    public float? UniformScale { get; init; }

    /// <summary>The LSTM forget gate's bias (Jozefowicz et al. 2015), held in <c>bias_ih</c>. Default: 1.</summary>
    public float ForgetBias { get; init; } = 1;

    /// <summary>
    /// Standard deviation of the embedding, which is then normal with mean 0; null: uniform in ±0.1, or in ±<see cref="UniformScale"/> when that is
    /// given and the weights are uniform. Range: more than 0. Default: null.
    /// </summary>
    public float? EmbeddingStandardDeviation { get; init; }
}
