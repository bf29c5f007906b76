namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Copies weights into panels: [panel][depth][32], zero where there is no column. Done once per change of the weights.</summary>
internal static unsafe class Packing
{
    private const int Strip = 8;

    /// <summary>Packs columns [32·panel, …) of W [depth, columns] as they are: the backward products, which multiply by W itself.</summary>
    public static void Panel(int panel, float* w, int depth, int columns, float* to)
    {
        int first = panel * Gemm.PanelWidth, width = Math.Min(Gemm.PanelWidth, columns - first);
        for (int k = 0; k < depth; k++, to += Gemm.PanelWidth)
        {
            new ReadOnlySpan<float>(w + ((nint)k * columns) + first, width).CopyTo(new Span<float>(to, width));
            new Span<float>(to + width, Gemm.PanelWidth - width).Clear();
        }
    }

    /// <summary>
    /// Packs one panel of Wᵀ for W [rows, depth]: the forward products x·Wᵀ. Column j of the panel is row <paramref name="sourceRows"/>[j]
    /// of W, or zero where that is negative.
    /// </summary>
    public static void TransposedPanel(ReadOnlySpan<int> sourceRows, float* w, int depth, float* packedPanel)
    {
        // Eight columns at a time: eight rows of W are read along, and each store touches the same cache line eight times.
        for (int j = 0; j < Gemm.PanelWidth; j += Strip)
            for (int i = 0; i < Strip; i++)
                TransposedColumn(sourceRows[j + i], w, depth, packedPanel + j + i);
    }

    private static void TransposedColumn(int row, float* w, int depth, float* to)
    {
        float* from = w + ((nint)Math.Max(row, 0) * depth);
        for (int k = 0; k < depth; k++)
            to[(nint)k * Gemm.PanelWidth] = row < 0 ? 0 : from[k];
    }
}
