namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// How the gates of H units lie in the columns of a recurrent product. Slots of the same units stand side by side, so that a finished
/// stretch of columns holds all that its units' nonlinearity needs while it is still in the first-level cache:
/// <code>
///   4 slots (LSTM i f g o; GRU r z nₓ nₕ):  [s0×16 | s1×16 | s2×16 | s3×16] …  and, if 8 or fewer units are left, [s0×8 | s1×8 | s2×8 | s3×8]
///   1 slot  (simple RNN):                   [h×32] …
/// </code>
/// Or, where a gate must be seen as a whole (layer normalisation), gate by gate: [s0×H | s1×H | s2×H | s3×H], each H padded alike.
/// </summary>
internal readonly struct GateBlocks
{
    private const int LargeBlock = 16;
    private const int SmallBlock = 8;

    public GateBlocks(int units, int slots, bool gateByGate = false)
    {
        (Units, Slots, IsGateByGate) = (units, slots, gateByGate);
        BlockUnits = Gemm.PanelWidth * (slots == 1 ? 1 : 2) / slots;
        Count = (units + BlockUnits - 1) / BlockUnits;
        bool endsSmall = slots > 1 && units - ((Count - 1) * BlockUnits) <= SmallBlock;
        int panelsPerBlock = slots == 1 ? 1 : 2;
        PanelCount = (Count * panelsPerBlock) - (endsSmall ? 1 : 0);
        PaddedUnits = (Count * BlockUnits) - (endsSmall ? LargeBlock - SmallBlock : 0);
    }

    /// <summary>H.</summary>
    public int Units { get; }

    /// <summary>Columns per unit: 4, or 1.</summary>
    public int Slots { get; }

    /// <summary>Whether a slot's columns stand together.</summary>
    public bool IsGateByGate { get; }

    /// <summary>Units of a block: 16, or 32 with one slot; the last block may hold 8.</summary>
    public int BlockUnits { get; }

    /// <summary>Number of blocks.</summary>
    public int Count { get; }

    /// <summary>Panels of all blocks.</summary>
    public int PanelCount { get; }

    /// <summary>H rounded up to the units that the blocks hold.</summary>
    public int PaddedUnits { get; }

    /// <summary>Columns of all blocks: the row stride of the gates.</summary>
    public int Columns => PanelCount * Gemm.PanelWidth;

    /// <summary>First panel of a block; for <see cref="Count"/>, the end of the last.</summary>
    public int FirstPanel(int block) => Math.Min(block * (Slots == 1 ? 1 : 2), PanelCount);

    /// <summary>Units of that block, padding included.</summary>
    public int Width(int block) => (FirstPanel(block + 1) - FirstPanel(block)) * Gemm.PanelWidth / Slots;

    /// <summary>Blocks from <paramref name="block"/> on, before <paramref name="end"/>, that are as wide as it.</summary>
    public int OfWidth(int block, int end)
    {
        int last = block + 1;
        while (last < end && Width(last) == Width(block))
            last++;
        return last - block;
    }

    /// <summary>The column of a unit's slot.</summary>
    public int Column(int unit, int slot)
    {
        if (IsGateByGate)
            return (slot * PaddedUnits) + unit;
        int block = unit / BlockUnits;
        return (FirstPanel(block) * Gemm.PanelWidth) + (slot * Width(block)) + (unit - (block * BlockUnits));
    }
}
