using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Runs a cell's pointwise part on the widest vectors that fit the tile.</summary>
internal static class CellKernels
{
    /// <summary>Columns that a unit has in the recurrent product: its gates, and for the GRU the two parts of n apart.</summary>
    public static int Slots(CellKind cell) => cell is CellKind.Lstm or CellKind.Gru ? 4 : 1;

    public static void Forward(CellKind cell, in CellTile tile)
    {
        if (Vector512.IsHardwareAccelerated && tile.Width % Lanes512.Count == 0)
            Forward<Lanes512, Vector512<float>>(cell, tile);
        else if (Vector256.IsHardwareAccelerated)
            Forward<Lanes256, Vector256<float>>(cell, tile);
        else
            Forward<Lanes128, Vector128<float>>(cell, tile);
    }

    public static void Backward(CellKind cell, in CellGradientTile tile)
    {
        if (Vector512.IsHardwareAccelerated && tile.Width % Lanes512.Count == 0)
            Backward<Lanes512, Vector512<float>>(cell, tile);
        else if (Vector256.IsHardwareAccelerated)
            Backward<Lanes256, Vector256<float>>(cell, tile);
        else
            Backward<Lanes128, Vector128<float>>(cell, tile);
    }

    /// <summary>On vectors of one width.</summary>
    public static void Forward<L, V>(CellKind cell, in CellTile tile)
        where L : ILanes<V>
        where V : struct
    {
        switch (cell)
        {
            case CellKind.Lstm: LstmCell<L, V>.Forward(tile); break;
            case CellKind.Gru: GruCell<L, V>.Forward(tile); break;
            default: RnnCell<L, V>.Forward(tile, cell == CellKind.RnnRelu); break;
        }
    }

    /// <summary>On vectors of one width.</summary>
    public static void Backward<L, V>(CellKind cell, in CellGradientTile tile)
        where L : ILanes<V>
        where V : struct
    {
        switch (cell)
        {
            case CellKind.Lstm: LstmCell<L, V>.Backward(tile); break;
            case CellKind.Gru: GruCell<L, V>.Backward(tile); break;
            default: RnnCell<L, V>.Backward(tile, cell == CellKind.RnnRelu); break;
        }
    }
}
