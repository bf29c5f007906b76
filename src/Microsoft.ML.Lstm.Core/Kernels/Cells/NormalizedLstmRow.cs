namespace Microsoft.ML.Lstm.Kernels;

/// <summary>One sequence's row of a normalised LSTM at one step. Gates stand one after the other, each <see cref="Width"/> wide; padding is zero in gains and shifts.</summary>
internal unsafe struct NormalizedLstmRow
{
    /// <summary>Units, padding included: a multiple of 8.</summary>
    public int Width;

    /// <summary>N(x·W_ihᵀ) and N(h'·W_hhᵀ).</summary>
    public float* FromInput, FromState;

    /// <summary>γₓ, γₕ and b_ih + b_hh.</summary>
    public float* InputGain, StateGain, Bias;

    /// <summary>γ_c and β_c.</summary>
    public float* CellGain, CellShift;

    /// <summary>i, f, g, o.</summary>
    public float* Gates;

    /// <summary>c of the step before, and of this one.</summary>
    public float* PreviousC, C;

    /// <summary>c, then N(c).</summary>
    public float* NormalizedC;

    public float* H;

    /// <summary>∂loss/∂h of this step from the layers above.</summary>
    public float* DOutput;

    /// <summary>∂loss/∂h from the step after; ∂loss/∂c from the step after, then to the step before.</summary>
    public float* DH, DC;

    /// <summary>Out: ∂loss/∂(gate pre-activations).</summary>
    public float* DGates;

    /// <summary>Out: ∂loss/∂(γ_c ⊙ N(c) + β_c).</summary>
    public float* DShifted;

    /// <summary>∂loss/∂N(c), then what of ∂loss/∂c comes through it.</summary>
    public float* DCell;
}
