namespace Microsoft.ML.Lstm.Network;

/// <summary>Which steps of a sequence the output layer reads.</summary>
public enum OutputPosition
{
    /// <summary>One output per sequence, read from the last layer's final state of each direction.</summary>
    LastStep,

    /// <summary>One output per step.</summary>
    EveryStep,
}
