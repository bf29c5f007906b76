namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Some rows of one block of units at one step, forward, or of a single row some blocks of the same width. Pointers are at the tile's first row and unit.</summary>
internal unsafe struct CellTile
{
    /// <summary>B, sequences in the tile.</summary>
    public int Rows;

    /// <summary>Units in the tile, padding included: 8, 16 or 32.</summary>
    public int Width;

    /// <summary>Before: x·W_ihᵀ + h·W_hhᵀ. After: what the backward pass needs of the gates. Slot s begins at s·Width.</summary>
    public float* Gates;

    public nint GatesRow;

    /// <summary>b_ih + b_hh, in the gates' columns.</summary>
    public float* Bias;

    /// <summary>From a row's bias to the next's: 0, unless rows are blocks of units.</summary>
    public nint BiasRow;

    /// <summary>h of the step before, and of this one.</summary>
    public float* PreviousH, H;

    public nint HRow;

    /// <summary>c of the step before, and of this one (LSTM).</summary>
    public float* PreviousC, C;

    public nint CRow;
}
