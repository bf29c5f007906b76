namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// Which 16 of a panel's 32 columns hold anything. Half of a GRU's slots n are empty in either product, and a matrix may end in the first
/// half of a panel.
/// </summary>
[Flags]
internal enum PanelHalves : byte
{
    /// <summary>All columns are padding.</summary>
    None = 0,

    /// <summary>Columns 0 to 15.</summary>
    First = 1,

    /// <summary>Columns 16 to 31.</summary>
    Second = 2,

    /// <summary>All columns.</summary>
    Both = First | Second,
}
