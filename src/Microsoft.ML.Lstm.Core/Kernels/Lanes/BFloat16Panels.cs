using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// Columns as the upper halves of floats, a step in one cache line: 16 elements of 32 bits, of which the i-th has column i in its lower half and column
/// 16 + i in its upper. Whatever a vector's width, one load, a shift and a mask give two vectors of floats.
/// </summary>
internal unsafe readonly struct BFloat16Panels<L, V> : IPanelFormat<V>
    where L : ILanes<V>
    where V : struct
{
    public static int Row => BFloat16.PanelRow;

    public static int Pair => L.Count;

    public static int Second => BFloat16.PanelRow;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadFirst(float* pair) => L.WidenLower(L.Load(pair));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadSecond(float* pair) => L.WidenUpper(L.Load(pair));
}
