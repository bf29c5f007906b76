namespace Microsoft.ML.Lstm.Persistence;

/// <summary>The element type of a tensor in a safetensors file, under the format's own names.</summary>
public enum SafetensorsType
{
    /// <summary>IEEE 754 single precision: <see cref="float"/>.</summary>
    F32,

    /// <summary>IEEE 754 double precision: <see cref="double"/>.</summary>
    F64,

    /// <summary>Signed 32-bit integer: <see cref="int"/>.</summary>
    I32,

    /// <summary>Signed 64-bit integer: <see cref="long"/>.</summary>
    I64,

    /// <summary>IEEE 754 half precision: <see cref="Half"/>.</summary>
    F16,

    /// <summary>The upper half of a <see cref="float"/>.</summary>
    BF16,

    /// <summary>A truth value in a byte; not read, as are those that follow.</summary>
    BOOL,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}
