using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// Variational recurrent dropout (Gal and Ghahramani 2016): W_hh multiplies m ⊙ h, with one mask m [B, H] for all steps of a sequence.
/// Holds the masked copy of the states that the products read.
/// </summary>
internal sealed unsafe class RecurrentMask
{
    private readonly FloatBuffer _mask = new(), _hidden = new(), _scratch = new();
    private int _row;

    public bool IsActive { get; private set; }

    /// <summary>m ⊙ h, laid out as h is.</summary>
    public float* Hidden => _hidden.Pointer;

    /// <summary>Room for d·W_hh before the mask, [B, stride].</summary>
    public float* Scratch => _scratch.Pointer;

    public void Clear() => IsActive = false;

    public void Draw(in Dropout dropout, SequenceBatch batch, int units, int stride)
    {
        IsActive = dropout.IsActive;
        if (!IsActive)
            return;
        _row = stride;
        _mask.Reserve((long)batch.SequenceCount * stride);
        _scratch.Reserve((long)batch.SequenceCount * stride);
        _hidden.Reserve(((long)batch.SequenceCount + batch.RowCount) * stride);
        for (int sequence = 0; sequence < batch.SequenceCount; sequence++)
        {
            float* mask = _mask.Pointer + ((nint)sequence * stride);
            new Span<float>(mask, units).Fill(1);
            new Span<float>(mask + units, stride - units).Clear();
            dropout.Apply(sequence, mask, units);
        }
    }

    /// <summary>Masks <paramref name="rows"/> rows of <paramref name="h"/> from <paramref name="stateRow"/> on, which belong to the sequences from <paramref name="sequence"/> on.</summary>
    public void Apply(int stateRow, int sequence, int rows, float* h, int column, int count)
    {
        for (int r = 0; r < rows; r++)
        {
            nint at = ((nint)(stateRow + r) * _row) + column;
            RowMath.Multiply(h + at, _mask.Pointer + ((nint)(sequence + r) * _row) + column, _hidden.Pointer + at, count);
        }
    }

    /// <summary>dh = m ⊙ scratch, added to what passed the gates by (<paramref name="add"/>) or in its place.</summary>
    public void ApplyBackward(int sequence, int rows, int column, int count, float* dh, bool add)
    {
        for (int r = 0; r < rows; r++)
        {
            nint at = ((nint)(sequence + r) * _row) + column;
            float* to = dh + ((nint)r * _row) + column;
            if (add)
                RowMath.AddProduct(_scratch.Pointer + at, _mask.Pointer + at, to, count);
            else
                RowMath.Multiply(_scratch.Pointer + at, _mask.Pointer + at, to, count);
        }
    }
}
