using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>Runs the normalised LSTM's parts, with the normalisation of c between them, on the widest vectors that fit the row.</summary>
internal static unsafe class NormalizedLstmKernels
{
    /// <summary>From the normalised products to h; returns the reciprocal standard deviation of c.</summary>
    public static float Forward(in NormalizedLstmRow row, int units)
    {
        if (Vector512.IsHardwareAccelerated && row.Width % Lanes512.Count == 0)
            return Forward<Lanes512, Vector512<float>>(row, units);
        return Vector256.IsHardwareAccelerated ? Forward<Lanes256, Vector256<float>>(row, units) : Forward<Lanes128, Vector128<float>>(row, units);
    }

    /// <summary>From dh and dc to the gates' gradients and dc'.</summary>
    public static void Backward(in NormalizedLstmRow row, float reciprocal, int units)
    {
        if (Vector512.IsHardwareAccelerated && row.Width % Lanes512.Count == 0)
            Backward<Lanes512, Vector512<float>>(row, reciprocal, units);
        else if (Vector256.IsHardwareAccelerated)
            Backward<Lanes256, Vector256<float>>(row, reciprocal, units);
        else
            Backward<Lanes128, Vector128<float>>(row, reciprocal, units);
    }

    private static float Forward<L, V>(in NormalizedLstmRow row, int units)
        where L : ILanes<V>
        where V : struct
    {
        NormalizedLstmCell<L, V>.Gates(row);
        float reciprocal = Normalization.Forward(row.NormalizedC, units);
        NormalizedLstmCell<L, V>.Output(row);
        return reciprocal;
    }

    private static void Backward<L, V>(in NormalizedLstmRow row, float reciprocal, int units)
        where L : ILanes<V>
        where V : struct
    {
        NormalizedLstmCell<L, V>.OutputBackward(row);
        Normalization.Backward(row.DCell, row.NormalizedC, reciprocal, row.DCell, units);
        NormalizedLstmCell<L, V>.GatesBackward(row);
    }
}
