namespace Microsoft.ML.Lstm;

/// <summary>A distribution that a weight matrix begins with.</summary>
public enum Initialization
{
    /// <summary>Uniform in ±scale.</summary>
    Uniform,

    /// <summary>Uniform in ±√(6 / (fan in + fan out)) per gate (Glorot and Bengio 2010).</summary>
    Glorot,

    /// <summary>Normal with variance 2 / fan in (He et al. 2015).</summary>
    He,

    /// <summary>A random orthogonal matrix per gate (Saxe, McClelland and Ganguli 2014).</summary>
    Orthogonal,
}
