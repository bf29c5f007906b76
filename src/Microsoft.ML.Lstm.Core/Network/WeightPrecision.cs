namespace Microsoft.ML.Lstm;

/// <summary>How a network that only scores stores its matrices of weights. Whichever it is, all arithmetic is in single precision.</summary>
public enum WeightPrecision
{
    /// <summary>As they were trained: <see cref="float"/>.</summary>
    Single,

    /// <summary>
    /// As bfloat16, the upper half of a <see cref="float"/>, rounded to the nearest: each weight changes by at most 1/256 of itself. Biases, gains and shifts stay as they are.
    /// </summary>
    BFloat16,
}
