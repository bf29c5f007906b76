using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// What flows back through a layer's time loop: dh and dc [B, stride], carried from step to step, and ∂loss/∂h of every row, which joins them at
/// each. Where the loss sees the final states alone, it is in dh from the start, and the rows add a zero.
/// </summary>
internal sealed unsafe class StateGradients(int units)
{
    private readonly int _row = Gemm.Stride(units);
    private readonly FloatBuffer _dh = new(), _dc = new(), _zeros = new();
    private float* _dFinalH, _dFinalC;
    private nint _dFinalRow;

    /// <summary>dh; of the initial h after the loop.</summary>
    public float* DH => _dh.Pointer;

    /// <summary>dc; of the initial c after the loop.</summary>
    public float* DC => _dc.Pointer;

    /// <summary>∂loss/∂h of every row, [N, <see cref="DOutputRow"/>].</summary>
    public float* DOutput { get; private set; }

    /// <summary>Its row stride; 0 where all rows read the same zeros.</summary>
    public nint DOutputRow { get; private set; }

    /// <summary>
    /// What else reads the final state has these gradients of it, [B, H], either of them null for none; they count in the next pass, if that does not
    /// give its own ∂loss/∂(final h), and are forgotten then.
    /// </summary>
    public void SetFinal(float* dFinalH, float* dFinalC, nint dFinalRow)
    {
        _dFinalH = dFinalH;
        _dFinalC = dFinalC;
        _dFinalRow = dFinalRow;
    }

    /// <summary>Begins where the loss sees every step, from ∂loss/∂h [N, H].</summary>
    public void Begin(int sequences, float* dOutput, nint dOutputRow)
    {
        Clear(sequences);
        DOutput = dOutput;
        DOutputRow = dOutputRow;
    }

    /// <summary>Begins where the loss sees the final states alone, from ∂loss/∂(final h) [B, H].</summary>
    public void BeginFromFinal(int sequences, float* dFinal, nint dFinalRow)
    {
        Clear(sequences);
        RowMath.CopyRows(dFinal, dFinalRow, DH, _row, sequences, units);
        _zeros.Reserve(_row);
        DOutput = _zeros.Pointer;
        DOutputRow = 0;
    }

    private void Clear(int sequences)
    {
        int count = sequences * _row;
        foreach (FloatBuffer buffer in (ReadOnlySpan<FloatBuffer>)[_dh, _dc])
        {
            buffer.Reserve(count);
            buffer.Span[..count].Clear();
        }
        // A sequence's dh and dc are not touched before its last step.
        if (_dFinalH != null)
            RowMath.CopyRows(_dFinalH, _dFinalRow, DH, _row, sequences, units);
        if (_dFinalC != null)
            RowMath.CopyRows(_dFinalC, _dFinalRow, DC, _row, sequences, units);
        _dFinalH = _dFinalC = null;
    }
}
