using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Columns as floats, in order; a pair is two vectors side by side.</summary>
internal unsafe readonly struct FloatPanels<L, V> : IPanelFormat<V>
    where L : ILanes<V>
    where V : struct
{
    public static int Row => Gemm.PanelWidth;

    public static int Pair => 2 * L.Count;

    public static int Second => L.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadFirst(float* pair) => L.Load(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadSecond(float* pair) => L.Load(pair + L.Count);
}
