using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// Bounds a network before anything is laid out, in 64 bits: every matrix must fit one buffer when padded to whole panels both ways, as its packed
/// copies are, and so must the block of all parameters. Products of two sizes of a network within these bounds fit an int.
/// </summary>
internal static class NetworkSize
{
    /// <summary>The most recurrent layers.</summary>
    public const int MaxLayers = 1000;

    private static string Limit => Invariant($"at most {Gigabytes(FloatBuffer.MaxLength)} ({FloatBuffer.MaxLength} floats)");

    /// <exception cref="ArgumentException">Names the property that is most to blame, and the memory that a matrix would take.</exception>
    public static void Validate(NetworkSpec spec)
    {
        foreach (Matrix matrix in Matrices(spec))
            Guard.Require(matrix.Floats <= FloatBuffer.MaxLength, matrix.Property, matrix.Value,
                $"less: {matrix.Name} would take {Gigabytes(matrix.Floats)}, padded to whole panels, where a matrix may take {Limit}");
    }

    /// <exception cref="ArgumentException">The parameters together do not fit one block.</exception>
    public static void ValidateTotal(NetworkSpec spec, long floats)
    {
        if (floats <= FloatBuffer.MaxLength)
            return;
        Matrix largest = Matrices(spec).MaxBy(matrix => matrix.Floats)!;
        Guard.Require(false, largest.Property, largest.Value, $"less: the network's parameters would take {Gigabytes(floats)}, where they may take {Limit}");
    }

    private static IEnumerable<Matrix> Matrices(NetworkSpec spec)
    {
        if (spec.VocabularySize > 0)
            yield return Larger("the embedding", (nameof(spec.VocabularySize), spec.VocabularySize, spec.VocabularySize),
                (nameof(spec.EmbeddingSize), spec.EmbeddingSize, spec.EmbeddingSize));
        long input = (long)spec.EmbeddingSize + spec.InputSize;
        (string, object, long) below = spec.EmbeddingSize > spec.InputSize
            ? (nameof(spec.EmbeddingSize), spec.EmbeddingSize, Stride(input))
            : (nameof(spec.InputSize), spec.InputSize, Stride(input));
        if (spec.Forecast is { } forecast)
        {
            foreach (Matrix matrix in ForecastMatrices(spec, forecast))
                yield return matrix;
            if (forecast.EmbedsSegments)
                below = (nameof(forecast.DecoderSize), forecast.DecoderSize, Stride(forecast.DecoderSize));
        }
        for (int layer = 0; layer < spec.HiddenSizes.Count; layer++)
        {
            long units = spec.HiddenSizes[layer];
            (string, object, long) gates = (nameof(spec.HiddenSizes), spec.HiddenSizes[layer], Stride(units * CellKernels.Slots(spec.Cell)));
            yield return Larger(Invariant($"the input weights of layer {layer}"), gates, below);
            yield return Larger(Invariant($"the recurrent weights of layer {layer}"), gates, (nameof(spec.HiddenSizes), spec.HiddenSizes[layer], Stride(units)));
            below = (nameof(spec.HiddenSizes), spec.HiddenSizes[layer], Stride(units * spec.Directions));
        }
        if (spec.Forecast is null)
            yield return Larger("the output weights", (nameof(spec.OutputSize), spec.OutputSize, Stride(spec.OutputSize)), below);
    }

    private static IEnumerable<Matrix> ForecastMatrices(NetworkSpec spec, ForecastSpec forecast)
    {
        long units = Stride((long)spec.HiddenSizes[0] * CellKernels.Slots(spec.Cell)), decoder = Stride(forecast.DecoderSize);
        (string, object, long) input = (nameof(forecast.DecoderSize), forecast.DecoderSize, decoder);
        yield return Larger("the segments' embedding", input, (nameof(spec.InputSize), spec.InputSize, Stride(spec.InputSize)));
        yield return Larger("the decoder's input weights", input, (nameof(spec.HiddenSizes), spec.HiddenSizes[0], units));
        yield return Larger("the covariates' weights", input, (nameof(forecast.FutureSize), forecast.FutureSize, Stride(forecast.CovariateSize)));
        yield return Larger("the positions' embedding", input, (nameof(forecast.Horizon), forecast.Horizon, forecast.SegmentCount));
        yield return Larger("the series' embedding", (nameof(forecast.SeriesCount), forecast.SeriesCount, forecast.SeriesCount + 1L),
            (nameof(forecast.SeriesSize), forecast.SeriesSize, forecast.SeriesSize));
        yield return Larger("the output weights", (nameof(forecast.SegmentLength), forecast.SegmentLength, Stride((long)forecast.SegmentLength * forecast.StepOutputs)),
            (nameof(spec.HiddenSizes), spec.HiddenSizes[^1], Stride(spec.TopSize)));
        yield return Larger("the skip's weights", (nameof(forecast.Horizon), forecast.Horizon, Stride((long)forecast.Horizon * forecast.QuantileCount)),
            (nameof(forecast.SkipLength), forecast.SkipLength, Stride(forecast.SkipLength)));
    }

    private static Matrix Larger(string name, (string Property, object Value, long Length) a, (string Property, object Value, long Length) b)
    {
        // Lengths are below 2³⁶, so a double is exact enough to tell what is out of bounds, and cannot overflow.
        double floats = (double)a.Length * b.Length;
        return a.Length >= b.Length ? new Matrix(name, a.Property, a.Value, floats) : new Matrix(name, b.Property, b.Value, floats);
    }

    private static long Stride(long columns) => (columns + Gemm.PanelWidth - 1) / Gemm.PanelWidth * Gemm.PanelWidth;

    private static string Gigabytes(double floats) => Invariant($"{floats * sizeof(float) / 1e9:0.0} GB");

    /// <param name="Name">What it is, for a message.</param>
    /// <param name="Property">The property of the larger side.</param>
    /// <param name="Value">That property's value, or the layer's.</param>
    /// <param name="Floats">Padded length.</param>
    private sealed record Matrix(string Name, string Property, object Value, double Floats);
}
