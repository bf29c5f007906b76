namespace Microsoft.ML.Lstm;

/// <summary>The recurrence of a layer.</summary>
public enum CellKind
{
    /// <summary>Long short-term memory with a forget gate and no peepholes (Hochreiter and Schmidhuber 1997; Gers et al. 2000).</summary>
    Lstm,

    /// <summary>Gated recurrent unit, reset applied after the recurrent product, as cuDNN and PyTorch have it (Cho et al. 2014).</summary>
    Gru,

    /// <summary>Elman's simple recurrent network with the hyperbolic tangent (Elman 1990).</summary>
    RnnTanh,

    /// <summary>Elman's simple recurrent network with the rectifier (Le, Jaitly and Hinton 2015).</summary>
    RnnRelu,
}
