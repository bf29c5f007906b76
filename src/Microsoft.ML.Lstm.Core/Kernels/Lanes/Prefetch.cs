using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Asks for memory before it is needed. The address may lie outside of any buffer. Arm has no such intrinsic in .NET: nothing happens there.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Brings the cache line of <paramref name="at"/> into the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(float* at)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(at);
    }
}
