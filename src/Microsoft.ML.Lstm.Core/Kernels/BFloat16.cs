namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// bfloat16, the upper half of a float: its sign, its exponent, and 8 bits of precision. Rounding to the nearest changes a normal value by at most 2⁻⁸ of itself.
/// </summary>
internal static unsafe class BFloat16
{
    /// <summary>Elements of 32 bits, two values each, that a step of a panel takes.</summary>
    public const int PanelRow = Gemm.PanelWidth / 2;

    private const uint UpperHalf = 0xFFFF0000, LargestFinite = 0x7F7F0000;

    /// <summary>The nearest bfloat16, of two as near the even one. What is beyond the largest stays finite.</summary>
    public static float Round(float value)
    {
        if (!float.IsFinite(value))
            return value;
        uint bits = BitConverter.SingleToUInt32Bits(value);
        bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & UpperHalf;
        return float.IsFinite(BitConverter.UInt32BitsToSingle(bits)) ? BitConverter.UInt32BitsToSingle(bits)
            : float.CopySign(BitConverter.UInt32BitsToSingle(LargestFinite), value);
    }

    /// <summary>Packs a panel [depth, 32] of values that are bfloat16, as <see cref="BFloat16Panels{L, V}"/> reads it.</summary>
    public static void NarrowPanel(float* panel, int depth, float* to)
    {
        for (; depth > 0; depth--, panel += Gemm.PanelWidth, to += PanelRow)
            for (int i = 0; i < PanelRow; i++)
                ((uint*)to)[i] = (((uint*)panel)[i] >> 16) | (((uint*)panel)[PanelRow + i] & UpperHalf);
    }

    /// <summary>Undoes <see cref="NarrowPanel"/>.</summary>
    public static void WidenPanel(float* packed, int depth, float* panel)
    {
        for (; depth > 0; depth--, packed += PanelRow, panel += Gemm.PanelWidth)
            for (int i = 0; i < PanelRow; i++)
                (((uint*)panel)[i], ((uint*)panel)[PanelRow + i]) = (((uint*)packed)[i] << 16, ((uint*)packed)[i] & UpperHalf);
    }
}
