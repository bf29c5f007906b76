namespace Microsoft.ML.Lstm.Network;

/// <summary>What a pass forward is for, hence what it keeps.</summary>
internal enum PassKind
{
    /// <summary>Outputs and final states only.</summary>
    Score,

    /// <summary>A backward pass will follow.</summary>
    Train,

    /// <summary>A backward pass will follow, after which every step's gradients can be looked at (<see cref="LayerTrace"/>).</summary>
    Trace,
}
