namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// Floats at a fixed address that begins a cache line. Grows and never shrinks; growing loses the content. One panel beyond the end may
/// be read (never written), so that the last row of a matrix can be read in whole panels.
/// </summary>
internal sealed unsafe class FloatBuffer
{
    /// <summary>The most floats of a buffer: what an array holds, less room to align its start and to read beyond its end.</summary>
    public const int MaxLength = 0x7FFFFFC7 - Margin;

    private const int Alignment = 64;
    private const int Margin = (Alignment / sizeof(float)) + Gemm.PanelWidth;
    private float[] _array = [];

    public FloatBuffer()
    {
    }

    public FloatBuffer(long length) => Reserve(length);

    /// <summary>The first float.</summary>
    public float* Pointer { get; private set; }

    /// <summary>Floats that may be written.</summary>
    public int Length { get; private set; }

    public Span<float> Span => new(Pointer, Length);

    /// <summary>Makes room for <paramref name="length"/> floats; what a larger block holds then is zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">That is more than <see cref="MaxLength"/>.</exception>
    public void Reserve(long length)
    {
        if (length <= Length && Pointer != null)
            return;
        Guard.RequireArgument(length is >= 0 and <= MaxLength, nameof(length), length, $"0 to {MaxLength} floats, what a buffer holds");
        int wanted = (int)length;
        _array = GC.AllocateArray<float>(wanted + Margin, pinned: true);
        fixed (float* start = _array)
            Pointer = (float*)(((nuint)start + (Alignment - 1)) & ~(nuint)(Alignment - 1));
        Length = wanted;
    }
}
