namespace Microsoft.ML.Lstm.Training;

/// <summary>Which gradient of a loss is asked for.</summary>
internal enum LossGradient
{
    /// <summary>None.</summary>
    None,

    /// <summary>That of Σ wᵢ·lossᵢ / Σ wᵢ.</summary>
    OfMean,

    /// <summary>That of Σ wᵢ·lossᵢ, to be divided after it was added up over shards.</summary>
    OfSum,
}
