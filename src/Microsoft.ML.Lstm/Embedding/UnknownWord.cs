namespace Microsoft.ML.Lstm;

/// <summary>What stands for a word that has no vector.</summary>
public enum UnknownWord
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The mean of all vectors.</summary>
    Mean,
}
