using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Copies weights into panels: [panel][depth][32], zero where there is no column. Done once per change of the weights.</summary>
internal static unsafe class Packing
{
    private const int Strip = 8;

    /// <summary>Packs columns [32·panel, …) of W [depth, columns] as they are: the backward products, which multiply by W itself.</summary>
    public static void Panel(int panel, float* w, int depth, int columns, float* to)
    {
        int first = panel * Gemm.PanelWidth, width = Math.Min(Gemm.PanelWidth, columns - first);
        float* from = w + first;
        for (int k = 0; k < depth; k++, to += Gemm.PanelWidth, from += columns)
        {
            if (width == Gemm.PanelWidth)
            {
                Vector512.Load(from).Store(to);
                Vector512.Load(from + 16).Store(to + 16);
                continue;
            }
            new ReadOnlySpan<float>(from, width).CopyTo(new Span<float>(to, width));
            new Span<float>(to + width, Gemm.PanelWidth - width).Clear();
        }
    }

    /// <summary>
    /// Packs one panel of Wᵀ for W [rows, depth]: the forward products x·Wᵀ. Column j of the panel is row <paramref name="sourceRows"/>[j]
    /// of W, or zero where that is negative.
    /// </summary>
    public static void TransposedPanel(ReadOnlySpan<int> sourceRows, float* w, int depth, float* packedPanel)
    {
        float** rows = stackalloc float*[Strip];
        for (int j = 0; j < Gemm.PanelWidth; j += Strip)
        {
            for (int i = 0; i < Strip; i++)
                rows[i] = sourceRows[j + i] < 0 ? null : w + ((nint)sourceRows[j + i] * depth);
            TransposedStrip(rows, depth, packedPanel + j);
        }
    }

    /// <summary>Undoes <see cref="TransposedPanel"/>: writes the rows of W [rows, depth] that are in the panel.</summary>
    public static void UnpackTransposed(ReadOnlySpan<int> sourceRows, float* packedPanel, int depth, float* w)
    {
        for (int j = 0; j < Gemm.PanelWidth; j++)
            for (nint k = 0; k < depth && sourceRows[j] >= 0; k++)
                w[((nint)sourceRows[j] * depth) + k] = packedPanel[(k * Gemm.PanelWidth) + j];
    }

    /// <summary>Eight rows of W are read along side by side, so that each cache line of the panel is written once per strip.</summary>
    private static void TransposedStrip(float** rows, int depth, float* to)
    {
        float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3], r4 = rows[4], r5 = rows[5], r6 = rows[6], r7 = rows[7];
        for (nint k = 0; k < depth; k++, to += Gemm.PanelWidth)
        {
            to[0] = r0 == null ? 0 : r0[k];
            to[1] = r1 == null ? 0 : r1[k];
            to[2] = r2 == null ? 0 : r2[k];
            to[3] = r3 == null ? 0 : r3[k];
            to[4] = r4 == null ? 0 : r4[k];
            to[5] = r5 == null ? 0 : r5[k];
            to[6] = r6 == null ? 0 : r6[k];
            to[7] = r7 == null ? 0 : r7[k];
        }
    }
}
