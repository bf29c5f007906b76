namespace Microsoft.ML.Lstm.Kernels;

/// <summary>A product A[rows, depth] · B[depth, 32] that a tile adds up, alone or after others: pointers and strides in floats of memory.</summary>
internal unsafe struct Product
{
    /// <summary>A(0, 0).</summary>
    public float* A;

    /// <summary>From a row of A to the next; of a transposed A, which lies step by step, from a step to the next.</summary>
    public nint AStride;

    /// <summary>The panel of B, of which a step's columns stand together.</summary>
    public float* B;

    /// <summary>From a step of B to the next, where A is transposed; otherwise B is packed.</summary>
    public nint BStep;

    /// <summary>Steps, which are multiplied and added up in their order.</summary>
    public int Depth;
}
