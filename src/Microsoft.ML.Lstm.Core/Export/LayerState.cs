namespace Microsoft.ML.Lstm.Export;

/// <summary>The state of a layer, as values of a graph: [directions, B, H].</summary>
/// <param name="H">h; empty: zero.</param>
/// <param name="C">c of the LSTM; empty: zero, or there is none.</param>
internal readonly record struct LayerState(string H, string C);
