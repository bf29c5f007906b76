namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// Floats at a fixed address that begins a cache line. Grows and never shrinks; growing loses the content. One panel beyond the end may
/// be read (never written), so that the last row of a matrix can be read in whole panels.
/// </summary>
internal sealed unsafe class FloatBuffer
{
    private const int Alignment = 64;
    private float[] _array = [];

    public FloatBuffer()
    {
    }

    public FloatBuffer(int length) => Reserve(length);

    /// <summary>The first float.</summary>
    public float* Pointer { get; private set; }

    /// <summary>Floats that may be written.</summary>
    public int Length { get; private set; }

    public Span<float> Span => new(Pointer, Length);

    /// <summary>Makes room for <paramref name="length"/> floats; what a larger block holds then is zero.</summary>
    public void Reserve(long length)
    {
        if (length <= Length && Pointer != null)
            return;
        int wanted = checked((int)length);
        _array = GC.AllocateArray<float>(checked(wanted + (Alignment / sizeof(float)) + Gemm.PanelWidth), pinned: true);
        fixed (float* start = _array)
            Pointer = (float*)(((nuint)start + (Alignment - 1)) & ~(nuint)(Alignment - 1));
        Length = wanted;
    }
}
