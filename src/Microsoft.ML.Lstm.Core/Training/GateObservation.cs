namespace Microsoft.ML.Lstm.Training;

/// <summary>How open one gate of a layer is, over its units and all steps of a few examples.</summary>
/// <param name="Name">The gate.</param>
/// <param name="Saturated">Fraction of its values below 0.05 or above 0.95 (of the tanh state: beyond ±0.95).</param>
/// <param name="AlwaysSaturated">Fraction of its units that are so at every step of every example.</param>
/// <param name="HoldsState">Whether being open keeps the state, as long memory needs: the forget and the update gate.</param>
public readonly record struct GateObservation(string Name, double Saturated, double AlwaysSaturated, bool HoldsState);
