using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>A cell's pointwise part on values at which processors may differ: zeros of both signs, infinities, subnormals, NaN.</summary>
internal static unsafe class SpecialValueTile
{
    private static readonly float[] s_values =
    [
        0f, -0f, 1f, -1f, float.Epsilon, -float.Epsilon, 1e-39f, 88f, -88f, 7.9f, 1e30f, -1e30f, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0.3f,
    ];

    /// <summary>What the cell makes of the values, each with each: gates, c and h of a tile. Every NaN is the same one, since its sign and payload are each processor's own.</summary>
    public static float[] Forward(CellKind cell, int width)
    {
        int rows = s_values.Length, gatesRow = CellKernels.Slots(cell) * width;
        float[] gates = Fill(rows * gatesRow, 1), bias = new float[gatesRow], before = Fill(rows * width, 3), c = Fill(rows * width, 5), nextC = new float[rows * width], h = new float[rows * width];
        // A bias of −0 leaves a gate of −0 as it is.
        Array.Fill(bias, -0f);
        fixed (float* pGates = gates, pBias = bias, pBefore = before, pC = c, pNextC = nextC, pH = h)
            CellKernels.Forward(cell, new CellTile
            {
                Rows = rows,
                Width = width,
                Gates = pGates,
                GatesRow = gatesRow,
                Bias = pBias,
                PreviousH = pBefore,
                H = pH,
                HRow = width,
                PreviousC = pC,
                C = pNextC,
                CRow = width,
            });
        return [.. gates.Concat(nextC).Concat(h).Select(value => float.IsNaN(value) ? float.NaN : value)];
    }

    private static float[] Fill(int count, int stride) => [.. Enumerable.Range(0, count).Select(i => s_values[i * stride % s_values.Length])];
}
