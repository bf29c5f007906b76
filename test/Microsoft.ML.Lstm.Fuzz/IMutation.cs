using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Fuzz;

/// <summary>A way to damage a file.</summary>
internal interface IMutation
{
    /// <summary>A damaged copy.</summary>
    byte[] Apply(byte[] file, RandomStream random);
}
