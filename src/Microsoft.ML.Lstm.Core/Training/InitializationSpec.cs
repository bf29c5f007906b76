namespace Microsoft.ML.Lstm;

/// <summary>How weights begin. Biases begin at zero, but for the forget gate's.</summary>
public sealed record InitializationSpec
{
    /// <summary>The input and output weights. Default: Glorot.</summary>
    public Initialization Weights { get; init; } = Initialization.Glorot;

    /// <summary>The recurrent weights. Default: orthogonal.</summary>
    public Initialization Recurrent { get; init; } = Initialization.Orthogonal;

    /// <summary>Half-width of <see cref="Initialization.Uniform"/>; null means 1/√H, PyTorch's. Default: null.</summary>
    public float? UniformScale { get; init; }

    /// <summary>The LSTM forget gate's bias (Jozefowicz et al. 2015), held in <c>bias_ih</c>. Default: 1.</summary>
    public float ForgetBias { get; init; } = 1;

    /// <summary>
    /// Standard deviation of the embedding, which is normal with mean 0. Null: 1, PyTorch's, which language models learn from far faster than from
    /// ±0.1 (docs/initial-weights.md); but uniform in ±0.1 when it is also the output layer (Press and Wolf 2017), whose outputs would be large, and in
    /// ±<see cref="UniformScale"/> when that is given and the weights are uniform (Zaremba, Sutskever and Vinyals 2014). Range: more than 0 and finite.
    /// Default: null.
    /// </summary>
    public float? EmbeddingStandardDeviation { get; init; }
}
