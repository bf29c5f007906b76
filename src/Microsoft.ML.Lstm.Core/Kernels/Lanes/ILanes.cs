namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// The vector operations that kernels are written in, once for every width. <typeparamref name="V"/> is the machine's vector type, so
/// locals stay in registers; every operation is elementwise and rounds once, so a kernel's result does not depend on the width.
/// </summary>
internal unsafe interface ILanes<V>
    where V : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether 32 vector registers are there (16 otherwise): how large a tile of a product stays in registers.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract V Zero { get; }

    static abstract V Broadcast(float value);

    static abstract V Load(float* source);

    static abstract void Store(V value, float* destination);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>
    /// The larger; <paramref name="b"/> (x86) or NaN (Arm) where either is NaN: a possible NaN goes second. Of zeros of both signs <paramref name="b"/> (x86) or 0 (Arm): not for where
    /// they meet.
    /// </summary>
    static abstract V Max(V a, V b);

    /// <summary>The smaller; NaN as for <see cref="Max"/>.</summary>
    static abstract V Min(V a, V b);

    /// <summary>Where a &gt; b: <paramref name="yes"/>, else <paramref name="no"/> (also where either is NaN).</summary>
    static abstract V IfGreater(V a, V b, V yes, V no);

    /// <summary>The float whose exponent field is the low eight bits of <paramref name="a"/>'s representation: 2ⁿ for n + 127 stored there.</summary>
    static abstract V ExponentFromLowBits(V a);

    /// <summary>The floats whose upper halves are the lower 16 bits of each element, and whose lower halves are zero.</summary>
    static abstract V WidenLower(V a);

    /// <summary>The same of the upper 16 bits.</summary>
    static abstract V WidenUpper(V a);
}
