namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>The state of one sequence in one layer and direction; C is empty but for the LSTM.</summary>
internal sealed record ReferenceState(double[] H, double[] C)
{
    public static ReferenceState Zero(int units, bool hasCell) => new(new double[units], new double[hasCell ? units : 0]);

    public ReferenceState Plus(ReferenceState other) => new(H.Plus(other.H), C.Plus(other.C));
}
