using System.Runtime.CompilerServices;
using static Microsoft.ML.Lstm.Kernels.ActivationConstants;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// Gates in place, one activation at a time: a ← σ(a + b) or tanh(a + b), with the bits of <see cref="Activations{L, V}"/>. An activation is one long chain of
/// dependent operations, of which a processor's scheduler holds only a few at a time; so four vectors go through each operation side by side,
/// of one row or of several.
/// </summary>
internal static unsafe class GateActivation<L, V>
    where L : ILanes<V>
    where V : struct
{
    /// <summary>Rows that a cell takes through all of its passes before the next, so that their gates stay in the first-level cache.</summary>
    public const int RowBlock = 16;

    /// <summary>Rows of so many columns that make four vectors, or of which one has as many or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowsTogether(int width) => width >= 4 * L.Count ? 1 : width == 2 * L.Count ? 2 : 4;

    /// <summary>How many of some rows make such groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WholeRows(int rows, int width) => rows & -RowsTogether(width);

    /// <summary>Where the second, third and fourth of four vectors lie: in a row of so many columns, or in as many rows as it takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (nint Second, nint Third, nint Fourth) Offsets(int width, nint row)
    {
        int n = L.Count;
        return width >= 4 * n ? (n, 2 * n, 3 * n) : width == 2 * n ? (n, row, row + n) : (row, 2 * row, 3 * row);
    }

    /// <summary>σ of <paramref name="width"/> columns of some rows, a multiple of <see cref="RowsTogether"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sigmoid(float* a, nint aRow, float* bias, nint biasRow, int rows, int width)
    {
        int together = RowsTogether(width);
        (nint a1, nint a2, nint a3) = Offsets(width, aRow);
        (nint b1, nint b2, nint b3) = Offsets(width, biasRow);
        for (; rows > 0; rows -= together, a += together * aRow, bias += together * biasRow)
        {
            for (int u = 0; u < width; u += 4 * L.Count)
            {
                float* p = a + u, q = bias + u;
                V x0 = L.Add(L.Load(p), L.Load(q)), x1 = L.Add(L.Load(p + a1), L.Load(q + b1));
                V x2 = L.Add(L.Load(p + a2), L.Load(q + b2)), x3 = L.Add(L.Load(p + a3), L.Load(q + b3));
                V c = L.Zero;
                (x0, x1, x2, x3) = (L.Subtract(c, x0), L.Subtract(c, x1), L.Subtract(c, x2), L.Subtract(c, x3));
                Exp(ref x0, ref x1, ref x2, ref x3);
                c = L.Broadcast(1f);
                (x0, x1, x2, x3) = (L.Add(c, x0), L.Add(c, x1), L.Add(c, x2), L.Add(c, x3));
                L.Store(L.Divide(c, x0), p);
                L.Store(L.Divide(c, x1), p + a1);
                L.Store(L.Divide(c, x2), p + a2);
                L.Store(L.Divide(c, x3), p + a3);
            }
        }
    }

    /// <summary>tanh of <paramref name="width"/> columns of some rows, a multiple of <see cref="RowsTogether"/>, to where it is wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(float* a, nint aRow, float* bias, nint biasRow, float* to, nint toRow, int rows, int width)
    {
        int together = RowsTogether(width);
        (nint a1, nint a2, nint a3) = Offsets(width, aRow);
        (nint b1, nint b2, nint b3) = Offsets(width, biasRow);
        (nint t1, nint t2, nint t3) = Offsets(width, toRow);
        for (; rows > 0; rows -= together, a += together * aRow, bias += together * biasRow, to += together * toRow)
        {
            for (int u = 0; u < width; u += 4 * L.Count)
            {
                float* p = a + u, q = bias + u;
                V x0 = L.Add(L.Load(p), L.Load(q)), x1 = L.Add(L.Load(p + a1), L.Load(q + b1));
                V x2 = L.Add(L.Load(p + a2), L.Load(q + b2)), x3 = L.Add(L.Load(p + a3), L.Load(q + b3));
                Tanh(ref x0, ref x1, ref x2, ref x3);
                L.Store(x0, to + u);
                L.Store(x1, to + u + t1);
                L.Store(x2, to + u + t2);
                L.Store(x3, to + u + t3);
            }
        }
    }

    /// <summary>eˣ of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Exp(ref V x0, ref V x1, ref V x2, ref V x3)
    {
        V c = L.Broadcast(ExpLimit);
        (x0, x1, x2, x3) = (L.Min(c, x0), L.Min(c, x1), L.Min(c, x2), L.Min(c, x3));
        c = L.Broadcast(-ExpLimit);
        (x0, x1, x2, x3) = (L.Max(c, x0), L.Max(c, x1), L.Max(c, x2), L.Max(c, x3));
        c = L.Broadcast(ExpRounder);
        V k = L.Broadcast(ExpPerLog2);
        V s0 = L.MultiplyAdd(x0, k, c), s1 = L.MultiplyAdd(x1, k, c), s2 = L.MultiplyAdd(x2, k, c), s3 = L.MultiplyAdd(x3, k, c);
        V n0 = L.Subtract(s0, c), n1 = L.Subtract(s1, c), n2 = L.Subtract(s2, c), n3 = L.Subtract(s3, c);
        k = L.Broadcast(ExpLog2High);
        (x0, x1, x2, x3) = (L.MultiplyAdd(n0, k, x0), L.MultiplyAdd(n1, k, x1), L.MultiplyAdd(n2, k, x2), L.MultiplyAdd(n3, k, x3));
        k = L.Broadcast(ExpLog2Low);
        (x0, x1, x2, x3) = (L.MultiplyAdd(n0, k, x0), L.MultiplyAdd(n1, k, x1), L.MultiplyAdd(n2, k, x2), L.MultiplyAdd(n3, k, x3));
        c = L.Broadcast(Exp7);
        k = L.Broadcast(Exp6);
        (n0, n1, n2, n3) = (L.MultiplyAdd(c, x0, k), L.MultiplyAdd(c, x1, k), L.MultiplyAdd(c, x2, k), L.MultiplyAdd(c, x3, k));
        k = L.Broadcast(Exp5);
        (n0, n1, n2, n3) = (L.MultiplyAdd(n0, x0, k), L.MultiplyAdd(n1, x1, k), L.MultiplyAdd(n2, x2, k), L.MultiplyAdd(n3, x3, k));
        k = L.Broadcast(Exp4);
        (n0, n1, n2, n3) = (L.MultiplyAdd(n0, x0, k), L.MultiplyAdd(n1, x1, k), L.MultiplyAdd(n2, x2, k), L.MultiplyAdd(n3, x3, k));
        k = L.Broadcast(Exp3);
        (n0, n1, n2, n3) = (L.MultiplyAdd(n0, x0, k), L.MultiplyAdd(n1, x1, k), L.MultiplyAdd(n2, x2, k), L.MultiplyAdd(n3, x3, k));
        k = L.Broadcast(Exp2);
        (n0, n1, n2, n3) = (L.MultiplyAdd(n0, x0, k), L.MultiplyAdd(n1, x1, k), L.MultiplyAdd(n2, x2, k), L.MultiplyAdd(n3, x3, k));
        (n0, n1, n2, n3) = (L.MultiplyAdd(n0, L.Multiply(x0, x0), x0), L.MultiplyAdd(n1, L.Multiply(x1, x1), x1), L.MultiplyAdd(n2, L.Multiply(x2, x2), x2), L.MultiplyAdd(n3, L.Multiply(x3, x3), x3));
        c = L.Broadcast(1f);
        (n0, n1, n2, n3) = (L.Add(n0, c), L.Add(n1, c), L.Add(n2, c), L.Add(n3, c));
        (x0, x1) = (L.Multiply(n0, L.ExponentFromLowBits(s0)), L.Multiply(n1, L.ExponentFromLowBits(s1)));
        (x2, x3) = (L.Multiply(n2, L.ExponentFromLowBits(s2)), L.Multiply(n3, L.ExponentFromLowBits(s3)));
    }

    /// <summary>tanh of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tanh(ref V x0, ref V x1, ref V x2, ref V x3)
    {
        V k = L.Broadcast(TanhLimit);
        (x0, x1, x2, x3) = (L.Min(k, x0), L.Min(k, x1), L.Min(k, x2), L.Min(k, x3));
        k = L.Subtract(L.Zero, k);
        (x0, x1, x2, x3) = (L.Max(k, x0), L.Max(k, x1), L.Max(k, x2), L.Max(k, x3));
        V s0 = L.Multiply(x0, x0), s1 = L.Multiply(x1, x1), s2 = L.Multiply(x2, x2), s3 = L.Multiply(x3, x3);
        V c = L.Broadcast(TanhP13);
        k = L.Broadcast(TanhP11);
        V p0 = L.MultiplyAdd(c, s0, k), p1 = L.MultiplyAdd(c, s1, k), p2 = L.MultiplyAdd(c, s2, k), p3 = L.MultiplyAdd(c, s3, k);
        k = L.Broadcast(TanhP9);
        (p0, p1, p2, p3) = (L.MultiplyAdd(p0, s0, k), L.MultiplyAdd(p1, s1, k), L.MultiplyAdd(p2, s2, k), L.MultiplyAdd(p3, s3, k));
        k = L.Broadcast(TanhP7);
        (p0, p1, p2, p3) = (L.MultiplyAdd(p0, s0, k), L.MultiplyAdd(p1, s1, k), L.MultiplyAdd(p2, s2, k), L.MultiplyAdd(p3, s3, k));
        k = L.Broadcast(TanhP5);
        (p0, p1, p2, p3) = (L.MultiplyAdd(p0, s0, k), L.MultiplyAdd(p1, s1, k), L.MultiplyAdd(p2, s2, k), L.MultiplyAdd(p3, s3, k));
        k = L.Broadcast(TanhP3);
        (p0, p1, p2, p3) = (L.MultiplyAdd(p0, s0, k), L.MultiplyAdd(p1, s1, k), L.MultiplyAdd(p2, s2, k), L.MultiplyAdd(p3, s3, k));
        k = L.Broadcast(TanhP1);
        (p0, p1, p2, p3) = (L.MultiplyAdd(p0, s0, k), L.MultiplyAdd(p1, s1, k), L.MultiplyAdd(p2, s2, k), L.MultiplyAdd(p3, s3, k));
        (x0, x1, x2, x3) = (L.Multiply(x0, p0), L.Multiply(x1, p1), L.Multiply(x2, p2), L.Multiply(x3, p3));
        c = L.Broadcast(TanhQ6);
        k = L.Broadcast(TanhQ4);
        (p0, p1, p2, p3) = (L.MultiplyAdd(c, s0, k), L.MultiplyAdd(c, s1, k), L.MultiplyAdd(c, s2, k), L.MultiplyAdd(c, s3, k));
        k = L.Broadcast(TanhQ2);
        (p0, p1, p2, p3) = (L.MultiplyAdd(p0, s0, k), L.MultiplyAdd(p1, s1, k), L.MultiplyAdd(p2, s2, k), L.MultiplyAdd(p3, s3, k));
        k = L.Broadcast(TanhQ0);
        (p0, p1, p2, p3) = (L.MultiplyAdd(p0, s0, k), L.MultiplyAdd(p1, s1, k), L.MultiplyAdd(p2, s2, k), L.MultiplyAdd(p3, s3, k));
        (x0, x1, x2, x3) = (L.Divide(x0, p0), L.Divide(x1, p1), L.Divide(x2, p2), L.Divide(x3, p3));
    }
}
