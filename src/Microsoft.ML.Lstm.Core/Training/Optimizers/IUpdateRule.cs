using System.Numerics;

namespace Microsoft.ML.Lstm.Training.Optimizers;

/// <summary>
/// An optimiser's formula for one vector of weights. Elementwise and of plain multiplications and additions, never a fused one, so that
/// every width of vector gives the same bits.
/// </summary>
internal interface IUpdateRule
{
    /// <summary>Whether the rule keeps a first moment.</summary>
    static abstract bool HasFirst { get; }

    /// <summary>Whether the rule keeps a second moment.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>The new weights; moments are updated in place.</summary>
    Vector<float> Next(Vector<float> w, Vector<float> dw, ref Vector<float> m, ref Vector<float> v);
}
