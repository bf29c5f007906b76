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
            Guard.Require(matrix.Floats <= FloatBuffer.MaxLength, matrix.Larger.Property, matrix.Larger.Value,
                $"less: {matrix.Name} would take {Gigabytes(matrix.Floats)}, padded to whole panels, where a matrix may take {Limit}");
    }

    /// <exception cref="ArgumentException">The parameters together do not fit one block.</exception>
    public static void ValidateTotal(NetworkSpec spec, long floats)
    {
        if (floats <= FloatBuffer.MaxLength)
            return;
        Side largest = Matrices(spec).MaxBy(matrix => matrix.Floats).Larger;
        Guard.Require(false, largest.Property, largest.Value, $"less: the network's parameters would take {Gigabytes(floats)}, where they may take {Limit}");
    }

    private static IEnumerable<Matrix> Matrices(NetworkSpec spec)
    {
        Side input = spec.EmbeddingSize > spec.InputSize
            ? new Side(nameof(spec.EmbeddingSize), spec.EmbeddingSize, (long)spec.EmbeddingSize + spec.InputSize)
            : new Side(nameof(spec.InputSize), spec.InputSize, (long)spec.EmbeddingSize + spec.InputSize);
        if (spec.VocabularySize > 0)
            yield return new Matrix("the embedding", new Side(nameof(spec.VocabularySize), spec.VocabularySize), new Side(nameof(spec.EmbeddingSize), spec.EmbeddingSize), IsPacked: false);
        Side below = spec.Forecast is { EmbedsSegments: true } ? new Side(nameof(ForecastSpec.DecoderSize), spec.Forecast.DecoderSize) : input;
        for (int layer = 0; layer < spec.HiddenSizes.Count; layer++)
        {
            int units = spec.HiddenSizes[layer];
            var gates = new Side(nameof(spec.HiddenSizes), units, (long)units * CellKernels.Slots(spec.Cell));
            yield return new Matrix(Invariant($"the input weights of layer {layer}"), gates, below);
            yield return new Matrix(Invariant($"the recurrent weights of layer {layer}"), gates, new Side(nameof(spec.HiddenSizes), units));
            if (layer == 0 && spec.Forecast is { EmbedsSegments: false } forecast)
                yield return new Matrix("the decoder's input weights", gates, new Side(nameof(forecast.DecoderSize), forecast.DecoderSize));
            below = new Side(nameof(spec.HiddenSizes), units, (long)units * spec.Directions);
        }
        if (spec.Forecast is not null)
            foreach (Matrix matrix in Matrices(spec.Forecast, input, below))
                yield return matrix;
        else
            yield return new Matrix("the output weights", new Side(nameof(spec.OutputSize), spec.OutputSize), below);
    }

    private static IEnumerable<Matrix> Matrices(ForecastSpec forecast, Side input, Side top)
    {
        var decoder = new Side(nameof(forecast.DecoderSize), forecast.DecoderSize);
        if (forecast.EmbedsSegments)
            yield return new Matrix("the segments' weights", decoder, input);
        yield return new Matrix("the positions' embedding", new Side(nameof(forecast.Horizon), forecast.Horizon, forecast.SegmentCount), decoder, IsPacked: false);
        yield return new Matrix("the series' embedding", new Side(nameof(forecast.SeriesCount), forecast.SeriesCount, forecast.SeriesCount + 1L),
            new Side(nameof(forecast.SeriesSize), forecast.SeriesSize), IsPacked: false);
        yield return new Matrix("the covariates' weights", decoder, forecast.StaticSize > forecast.FutureSize
            ? new Side(nameof(forecast.StaticSize), forecast.StaticSize, forecast.CovariateSize)
            : new Side(nameof(forecast.FutureSize), forecast.FutureSize, forecast.CovariateSize));
        yield return new Matrix("the output weights", new Side(nameof(forecast.SegmentLength), forecast.SegmentLength, (long)forecast.SegmentLength * forecast.StepOutputs), top);
        yield return new Matrix("the skip's weights", new Side(nameof(forecast.Horizon), forecast.Horizon, (long)forecast.Horizon * forecast.QuantileCount),
            new Side(nameof(forecast.SkipLength), forecast.SkipLength));
    }

    private static string Gigabytes(double floats) => Invariant($"{floats * sizeof(float) / 1e9:0.0} GB");

    /// <summary>One side of a matrix: the property that says it, with its value, and its length.</summary>
    private readonly record struct Side(string Property, int Value, long Length)
    {
        public Side(string property, int length)
            : this(property, length, length)
        {
        }

        public long Padded => (Length + Gemm.PanelWidth - 1) / Gemm.PanelWidth * Gemm.PanelWidth;
    }

    /// <summary>A matrix of the network, by the name that a message gives it.</summary>
    private readonly record struct Matrix(string Name, Side Rows, Side Columns, bool IsPacked = true)
    {
        public Side Larger => Rows.Length >= Columns.Length ? Rows : Columns;

        // A double cannot overflow, and is exact where the limit is.
        public double Floats => IsPacked ? (double)Rows.Padded * Columns.Padded : (double)Rows.Length * Columns.Length;
    }
}
