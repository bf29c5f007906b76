using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>The initial weights. Biases are zero, but for the forget gate's.</summary>
public sealed record InitializationSpec
{
    /// <summary>The input and output weights. Default: Glorot.</summary>
    public Initialization Weights { get; init; } = Initialization.Glorot;

    /// <summary>The recurrent weights. Default: orthogonal.</summary>
    public Initialization Recurrent { get; init; } = Initialization.Orthogonal;

    /// <summary>Half-width of <see cref="Initialization.Uniform"/>; null means 1/√H, PyTorch's. Range: more than 0 and finite. Default: null.</summary>
    public float? UniformScale { get; init; }

    /// <summary>The LSTM forget gate's bias (Jozefowicz et al. 2015), held in <c>bias_ih</c>. Finite. Default: 1.</summary>
    public float ForgetBias { get; init; } = 1;

    /// <summary>
    /// Standard deviation of the embedding, which is normal with mean 0. Null: 1, PyTorch's, which language models learn from far faster than from
    /// ±0.1 (docs/initial-weights.md); but uniform in ±0.1 when it is also the output layer (Press and Wolf 2017), whose outputs would be large, and in
    /// ±<see cref="UniformScale"/> when that is given and the weights are uniform (Zaremba, Sutskever and Vinyals 2014). Range: more than 0 and finite.
    /// Default: null.
    /// </summary>
    public float? EmbeddingStandardDeviation { get; init; }

    /// <summary>Throws when a value is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        Require(Enum.IsDefined(Weights), "Initialization." + nameof(Weights), Weights, OneOf<Initialization>());
        Require(Enum.IsDefined(Recurrent), "Initialization." + nameof(Recurrent), Recurrent, OneOf<Initialization>());
        Require(UniformScale is null or (> 0 and < float.PositiveInfinity), nameof(UniformScale), UniformScale, "more than 0 and finite, or null for PyTorch's");
        Require(EmbeddingStandardDeviation is null or (> 0 and < float.PositiveInfinity), nameof(EmbeddingStandardDeviation), EmbeddingStandardDeviation, "more than 0 and finite, or null");
        Require(float.IsFinite(ForgetBias), nameof(ForgetBias), ForgetBias, "a finite value");
    }
}
