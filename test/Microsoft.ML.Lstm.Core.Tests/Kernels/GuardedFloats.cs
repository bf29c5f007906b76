using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>Floats between two stretches of sentinels that must never change.</summary>
internal sealed unsafe class GuardedFloats
{
    private const int Guard = 64;
    private const float Sentinel = -12345.678f;
    private readonly FloatBuffer _buffer;
    private readonly int _length;

    public GuardedFloats(int length)
    {
        _length = length;
        _buffer = new FloatBuffer(length + (2 * Guard));
        _buffer.Span.Fill(Sentinel);
        Span.Clear();
    }

    public float* Pointer => _buffer.Pointer + Guard;

    public Span<float> Span => new(Pointer, _length);

    /// <summary>Values in [−1, 1), the same for the same seed.</summary>
    public static GuardedFloats Random(int length, int seed)
    {
        var floats = new GuardedFloats(length);
        var random = new Random(seed);
        foreach (ref float value in floats.Span)
            value = (float)((random.NextDouble() * 2) - 1);
        return floats;
    }

    public void AssertGuardsIntact()
    {
        for (int i = 0; i < Guard; i++)
        {
            Assert.Equal(Sentinel, _buffer.Pointer[i]);
            Assert.Equal(Sentinel, Pointer[_length + i]);
        }
    }
}
