namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Some rows of one block of units at one step, backward. Pointers are at the tile's first row and unit.</summary>
internal unsafe struct CellGradientTile
{
    /// <summary>B, sequences in the tile.</summary>
    public int Rows;

    /// <summary>Units in the tile, padding included: 8, 16 or 32.</summary>
    public int Width;

    /// <summary>What the forward pass left in the gates; slot s begins at s·Width.</summary>
    public float* Gates;

    public nint GatesRow;

    public float* PreviousH, H;

    public nint HRow;

    public float* PreviousC, C;

    public nint CRow;

    /// <summary>∂loss/∂h of this step from the layers above.</summary>
    public float* DOutput;

    public nint DOutputRow;

    /// <summary>∂loss/∂h from the step after; the GRU leaves here the part that passes the gates by.</summary>
    public float* DH;

    /// <summary>∂loss/∂c from the step after, then to the step before (LSTM).</summary>
    public float* DC;

    public nint DStateRow;

    /// <summary>Out: ∂loss/∂(gate pre-activations of x), gate by gate, <see cref="DGatesStride"/> apart.</summary>
    public float* DGates;

    /// <summary>Out: the same for h, where it differs (GRU).</summary>
    public float* DRecurrentGates;

    public nint DGatesRow;

    public nint DGatesStride;
}
