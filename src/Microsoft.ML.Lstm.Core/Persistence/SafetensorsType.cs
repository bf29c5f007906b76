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
}
