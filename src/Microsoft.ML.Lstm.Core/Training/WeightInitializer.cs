using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// Fills a weight block with the values that training begins from. Each parameter draws from a stream of its own, seeded by the seed and
/// its name, so that adding a layer or an option leaves the other parameters' values alone.
/// <list type="bullet">
/// <item>Input and output weights follow <see cref="InitializationSpec.Weights"/>, recurrent weights <see cref="InitializationSpec.Recurrent"/>,
/// each gate by itself.</item>
/// <item>Biases are zero, or uniform like the weights when <see cref="InitializationSpec.Weights"/> is
/// <see cref="Initialization.Uniform"/>, as in PyTorch; the LSTM forget gate's <c>bias_ih</c> has <see cref="InitializationSpec.ForgetBias"/> added.</item>
/// <item>The embedding is normal with <see cref="InitializationSpec.EmbeddingStandardDeviation"/>, 1 unless set; uniform in
/// ±<see cref="InitializationSpec.UniformScale"/> when that is given and the weights are uniform, else in ±0.1 when it is tied to the output.</item>
/// <item>A forecasting network's embeddings of positions and series are normal with mean 0 and variance 1, that of a series not seen 0, and its linear
/// skip is 0 (Lin et al. 2023; Lai et al. 2018).</item>
/// <item>Normalisation gains are 1; their shift and learned initial states are 0.</item>
/// </list>
/// </summary>
public static class WeightInitializer
{
    private const float TiedEmbeddingScale = 0.1f;

    /// <summary>Fills <paramref name="block"/>, gaps included (they become zero).</summary>
    /// <param name="block">The weights: <see cref="ParameterLayout.BlockLength"/> floats.</param>
    /// <param name="layout">Where each parameter lies.</param>
    /// <param name="spec">The network that was laid out.</param>
    /// <param name="initialization">How each kind of parameter begins.</param>
    /// <param name="seed">Same seed, same bits, on every machine.</param>
    /// <exception cref="ArgumentException">The block's length is not the layout's.</exception>
    public static void Fill(Span<float> block, ParameterLayout layout, NetworkSpec spec, InitializationSpec initialization, int seed)
    {
        if (block.Length != layout.BlockLength)
            throw new ArgumentException(Invariant($"The weight block has {Plural.Of(block.Length, "float")}; expected {layout.BlockLength}."), nameof(block));
        block.Clear();
        foreach (ParameterSlice slice in layout.Slices)
            Fill(block.Slice(slice.Offset, slice.Length), slice, spec, initialization, new RandomStream(seed, slice.Name));
    }

    private static void Fill(Span<float> values, ParameterSlice slice, NetworkSpec spec, InitializationSpec initialization, RandomStream random)
    {
        int gates = IsRecurrent(slice) ? ParameterLayout.Gates(spec.Cell) : 1;
        string kind = Kind(slice.Name);
        switch (kind)
        {
            case "embedding.weight":
                FillEmbedding(values, spec, initialization, random);
                break;
            case "rnn.weight_ih" or "decoder.weight_ih" or "output.weight" or "segment.weight" or "decoder.covariates.weight":
                FillWeight(values, slice, gates, initialization.Weights, initialization.UniformScale, random);
                break;
            case "rnn.weight_hh" or "decoder.weight_hh":
                FillWeight(values, slice, gates, initialization.Recurrent, initialization.UniformScale, random);
                break;
            case "rnn.bias_ih" or "rnn.bias_hh" or "decoder.bias_ih" or "decoder.bias_hh":
                FillBias(values, values.Length / gates, initialization, random);
                if (kind.EndsWith("bias_ih", StringComparison.Ordinal) && spec.Cell == CellKind.Lstm)
                    AddForgetBias(values, initialization.ForgetBias);
                break;
            case "output.bias" or "segment.bias" or "decoder.covariates.bias":
                FillBias(values, LinearInputs(kind, spec), initialization, random);
                break;
            case "decoder.position" or "decoder.series":
                foreach (ref float value in values)
                    value = (float)random.NextGaussian();
                // A series not seen begins as the mean of those seen.
                if (kind == "decoder.series")
                    values[..slice.Shape[1]].Clear();
                break;
            case "rnn.norm_ih" or "rnn.norm_hh" or "rnn.norm_c":
                values.Fill(1);
                break;
        }
    }

    // Beside inputs of about 1, and beside the state, tokens of ±0.1 are hardly seen: the first thousands of updates go into making them larger.
    private static void FillEmbedding(Span<float> values, NetworkSpec spec, InitializationSpec initialization, RandomStream random)
    {
        float? scale = initialization.Weights == Initialization.Uniform ? initialization.UniformScale : null;
        scale ??= spec.TiedEmbeddings ? TiedEmbeddingScale : null;
        if (initialization.EmbeddingStandardDeviation is null && scale is { } width)
            FillUniform(values, width, random);
        else
            FillNormal(values, initialization.EmbeddingStandardDeviation ?? 1, random);
    }

    // "rnn.weight_ih_l0_reverse" is a "rnn.weight_ih".
    private static string Kind(string name)
    {
        int layer = name.LastIndexOf("_l", StringComparison.Ordinal);
        return layer > 0 && char.IsAsciiDigit(name[layer + 2]) ? name[..layer] : name;
    }

    private static void FillWeight(Span<float> values, ParameterSlice slice, int gates, Initialization kind, float? scale, RandomStream random)
    {
        int rows = slice.Shape[0] / gates, columns = slice.Shape[1];
        for (int gate = 0; gate < gates; gate++)
        {
            Span<float> matrix = values.Slice(gate * rows * columns, rows * columns);
            switch (kind)
            {
                case Initialization.Uniform:
                    FillUniform(matrix, scale ?? PyTorchScale(IsRecurrent(slice) ? rows : columns), random);
                    break;
                case Initialization.Glorot:
                    FillUniform(matrix, (float)Math.Sqrt(6.0 / (rows + columns)), random);
                    break;
                case Initialization.He:
                    FillNormal(matrix, Math.Sqrt(2.0 / columns), random);
                    break;
                case Initialization.Orthogonal:
                    OrthogonalMatrix.Fill(matrix, rows, columns, random);
                    break;
                default:
                    throw new ArgumentException(Invariant($"The initialization of '{slice.Name}' is {kind}; expected one of {string.Join(", ", Enum.GetNames<Initialization>())}."));
            }
        }
    }

    private static void FillBias(Span<float> values, int size, InitializationSpec initialization, RandomStream random)
    {
        if (initialization.Weights == Initialization.Uniform)
            FillUniform(values, initialization.UniformScale ?? PyTorchScale(size), random);
    }

    private static void AddForgetBias(Span<float> values, float bias)
    {
        int units = values.Length / ParameterLayout.Gates(CellKind.Lstm);
        foreach (ref float value in values.Slice(units, units))
            value += bias;
    }

    private static int LinearInputs(string kind, NetworkSpec spec) => kind switch
    {
        "output.bias" => spec.TopSize,
        "segment.bias" => spec.InputSize,
        _ => spec.Forecast!.CovariateSize,
    };

    private static bool IsRecurrent(ParameterSlice slice) => slice.Name.StartsWith("rnn.", StringComparison.Ordinal)
        || slice.Name.StartsWith("decoder.weight_", StringComparison.Ordinal) || slice.Name.StartsWith("decoder.bias_", StringComparison.Ordinal);

    // PyTorch: 1/√hidden in recurrent layers, 1/√inputs in linear ones.
    private static float PyTorchScale(int size) => (float)(1 / Math.Sqrt(size));

    private static void FillUniform(Span<float> values, float scale, RandomStream random)
    {
        foreach (ref float value in values)
            value = (float)((2 * random.NextDouble() - 1) * scale);
    }

    private static void FillNormal(Span<float> values, double standardDeviation, RandomStream random)
    {
        foreach (ref float value in values)
            value = (float)(standardDeviation * random.NextGaussian());
    }
}
