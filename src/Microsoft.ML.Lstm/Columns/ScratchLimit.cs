using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// How much a reader keeps between rows. Buffers grow to what a row needs and are used again; what one very long row needed is given back at the
/// next, whose own buffers are then allocated anew. That is no loss: next to the work on such a row an allocation does not count.
/// </summary>
internal static class ScratchLimit
{
    /// <summary>Values of a buffer that are kept: 4 MB of floats.</summary>
    public const int Values = 1 << 20;

    /// <summary>Lets go of a buffer that is larger.</summary>
    public static void Apply<T>(ref T[] buffer)
    {
        if (buffer.Length > Values)
            buffer = [];
    }

    /// <inheritdoc cref="Apply{T}(ref T[])"/>
    public static void Apply<T>(ref VBuffer<T> buffer)
    {
        if (buffer.Length > Values)
            buffer = default;
    }
}
