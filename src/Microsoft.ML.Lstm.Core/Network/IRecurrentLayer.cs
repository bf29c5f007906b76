using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Network;

/// <summary>One recurrent layer in one direction, over one batch at a time: Begin, initial state, Forward, and after a kept pass Backward.</summary>
internal unsafe interface IRecurrentLayer
{
    /// <summary>Row stride of h and c.</summary>
    int StateRow { get; }

    /// <summary>Initial h, [B, stride]; may be written between <see cref="Begin"/> and <see cref="Forward"/>.</summary>
    float* InitialH { get; }

    /// <summary>Initial c, [B, stride] (LSTM).</summary>
    float* InitialC { get; }

    /// <summary>h of every row, [N, stride].</summary>
    float* Output { get; }

    /// <summary>∂loss/∂(initial h) after <see cref="Backward"/>, [B, stride].</summary>
    float* DInitialH { get; }

    /// <summary>∂loss/∂(initial c) after <see cref="Backward"/>, [B, stride] (LSTM).</summary>
    float* DInitialC { get; }

    /// <summary>What the last kept pass, forward and back, left behind.</summary>
    LayerTrace Trace { get; }

    /// <summary>Makes room for a batch and zeroes the initial state.</summary>
    void Begin(SequenceBatch batch, PassKind pass);

    /// <summary>Drops recurrent connections: the same mask at every step of a sequence. Call after <see cref="Begin"/>.</summary>
    void SetRecurrentDropout(in Dropout dropout);

    /// <summary>Runs over x [N, I] with row stride <paramref name="xRow"/>, which must stay until the backward pass is done.</summary>
    void Forward(float* x, nint xRow);

    /// <summary>Copies h after each sequence's last step.</summary>
    void CopyFinalH(float* to, nint toRow, int count);

    /// <summary>Copies c after each sequence's last step (LSTM).</summary>
    void CopyFinalC(float* to, nint toRow);

    /// <summary>
    /// Gradients of the final h and c [B, H] from what else reads them, either null for none: the next backward pass counts them, unless it gives
    /// ∂loss/∂(final h) itself.
    /// </summary>
    void SetFinalGradient(float* dFinalH, float* dFinalC, nint dFinalRow);

    /// <summary>
    /// Back through time from ∂loss/∂h [N, H]. Writes ∂loss/∂x to <paramref name="dX"/> [N, I] unless that is null, and adds the weights'
    /// gradients to the block <paramref name="gradients"/>.
    /// </summary>
    void Backward(float* dOutput, nint dOutputRow, float* dX, nint dXRow, float* gradients);

    /// <summary>The same where the loss sees the final states alone, from ∂loss/∂(final h) [B, H].</summary>
    void BackwardFromFinal(float* dFinal, nint dFinalRow, float* dX, nint dXRow, float* gradients);
}
