namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// What a layer still holds of its last kept pass forward and back. Valid until its next pass; reading it costs the pass nothing.
/// </summary>
internal readonly unsafe struct LayerTrace
{
    /// <summary>The layer's shape: cell, units, and where each gate's columns are.</summary>
    public required LayerWeights Weights { get; init; }

    /// <summary>Activated gates of the LSTM and the GRU, [N, columns]; unit u of gate s at <c>Weights.Blocks.Column(u, s)</c>.</summary>
    public required float* Gates { get; init; }

    /// <summary>h, [N, <see cref="HiddenRow"/>].</summary>
    public required float* Hidden { get; init; }

    /// <summary>Row stride of h.</summary>
    public required nint HiddenRow { get; init; }

    /// <summary>∂loss/∂(gate pre-activations), [N, <see cref="GateGradientsRow"/>], gate by gate with padded units.</summary>
    public required float* GateGradients { get; init; }

    /// <summary>Row stride of the gates' gradients.</summary>
    public required nint GateGradientsRow { get; init; }
}
