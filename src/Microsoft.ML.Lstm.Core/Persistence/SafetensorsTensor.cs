namespace Microsoft.ML.Lstm.Persistence;

/// <summary>A tensor as a safetensors header describes it.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Size of each dimension, row-major; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
public sealed record SafetensorsTensor(string Name, SafetensorsType Type, IReadOnlyList<int> Shape, long Begin, long End)
{
    /// <summary>Number of elements: the product of <see cref="Shape"/>.</summary>
    public long Length => (End - Begin) / ElementSize(Type);

    internal static int ElementSize(SafetensorsType type) => type switch
    {
        SafetensorsType.F64 or SafetensorsType.I64 or SafetensorsType.U64 => 8,
        SafetensorsType.F32 or SafetensorsType.I32 or SafetensorsType.U32 => 4,
        SafetensorsType.BOOL or SafetensorsType.U8 or SafetensorsType.I8 => 1,
        _ => 2,
    };

    internal static SafetensorsType TypeOf<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? SafetensorsType.F32
        : typeof(T) == typeof(double) ? SafetensorsType.F64
        : typeof(T) == typeof(int) ? SafetensorsType.I32
        : typeof(T) == typeof(long) ? SafetensorsType.I64
        : throw new ArgumentException(Invariant($"The element type is {typeof(T).Name}; expected Single, Double, Int32 or Int64."), nameof(T));

    /// <summary>The number of elements of a shape.</summary>
    /// <exception cref="OverflowException">It does not fit 63 bits.</exception>
    internal static long Count(IReadOnlyList<int> shape)
    {
        long count = 1;
        foreach (int size in shape)
            count = checked(count * size);
        return count;
    }
}
