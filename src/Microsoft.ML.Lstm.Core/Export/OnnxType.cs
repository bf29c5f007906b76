namespace Microsoft.ML.Lstm.Export;

/// <summary>The type of a tensor's elements, by ONNX's numbers (TensorProto.DataType).</summary>
internal enum OnnxType
{
    /// <summary>Single precision.</summary>
    Float = 1,

    /// <summary>Signed, 32 bits.</summary>
    Int32 = 6,

    /// <summary>Signed, 64 bits.</summary>
    Int64 = 7,

    /// <summary>UTF-8 text.</summary>
    String = 8,

    /// <summary>True or false.</summary>
    Bool = 9,

    /// <summary>Double precision.</summary>
    Double = 11,

    /// <summary>Unsigned, 32 bits: ML.NET's keys.</summary>
    UInt32 = 12,
}
