namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// W [rows, K] as Wᵀ in panels, [panels][K][32], which the forward products x·Wᵀ stream through. A column of the panels is a row of W, in any order, or zero.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    private readonly int[] _sourceRows;
    private readonly PanelHalves[] _halves;
    private readonly FloatBuffer _panels;

    /// <param name="sourceRows">The row of W behind each column, −1 where there is none; of whole panels.</param>
    /// <param name="depth">K.</param>
    /// <param name="precision">How values are stored; what is packed must be of it.</param>
    public PackedMatrix(int[] sourceRows, int depth, WeightPrecision precision)
    {
        (_sourceRows, Depth, Precision) = (sourceRows, depth, precision);
        _panels = new FloatBuffer(PanelCount * PanelLength);
        _halves = [.. sourceRows.Chunk(Gemm.PanelWidth / 2).Select(half => half.Any(row => row >= 0)).Chunk(2)
            .Select(halves => (halves[0] ? PanelHalves.First : 0) | (halves[1] ? PanelHalves.Second : 0))];
        HasEmptyHalves = _halves.Any(halves => halves != PanelHalves.Both);
    }

    public int Depth { get; }

    public WeightPrecision Precision { get; }

    public int PanelCount => _sourceRows.Length / Gemm.PanelWidth;

    /// <summary>Whether some panel has a half without rows of W, which a product leaves out.</summary>
    public bool HasEmptyHalves { get; }

    /// <summary>Bytes of all panels.</summary>
    public long Bytes => PanelCount * PanelLength * sizeof(float);

    /// <summary>From a panel to the next, in floats of memory.</summary>
    public nint PanelLength => (nint)Depth * PanelRow;

    /// <summary>From a step of a panel to the next, in floats of memory.</summary>
    public int PanelRow => Precision == WeightPrecision.BFloat16 ? BFloat16.PanelRow : Gemm.PanelWidth;

    /// <summary>The halves of a panel that have rows of W.</summary>
    public PanelHalves Halves(int panel) => _halves[panel];

    public float* Panel(int panel) => _panels.Pointer + (panel * PanelLength);

    /// <summary>Packs the panels [first, last) of W.</summary>
    public void Pack(float* w, int first, int last)
    {
        FloatBuffer? wide = Precision == WeightPrecision.BFloat16 ? new FloatBuffer((long)Depth * Gemm.PanelWidth) : null;
        for (int panel = first; panel < last; panel++)
        {
            Packing.TransposedPanel(Rows(panel), w, Depth, wide is null ? Panel(panel) : wide.Pointer);
            if (wide is not null)
                BFloat16.NarrowPanel(wide.Pointer, Depth, Panel(panel));
        }
    }

    /// <summary>Writes W.</summary>
    public void Unpack(float* w)
    {
        FloatBuffer? wide = Precision == WeightPrecision.BFloat16 ? new FloatBuffer((long)Depth * Gemm.PanelWidth) : null;
        for (int panel = 0; panel < PanelCount; panel++)
        {
            if (wide is not null)
                BFloat16.WidenPanel(Panel(panel), Depth, wide.Pointer);
            Packing.UnpackTransposed(Rows(panel), wide is null ? Panel(panel) : wide.Pointer, Depth, w);
        }
    }

    private ReadOnlySpan<int> Rows(int panel) => _sourceRows.AsSpan(panel * Gemm.PanelWidth, Gemm.PanelWidth);
}
