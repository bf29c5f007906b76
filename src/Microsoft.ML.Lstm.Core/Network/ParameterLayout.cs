namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// Where each parameter of a network lies in its one block of floats. Slices begin at multiples of 16 (a cache line);
/// the gaps between them are zero and stay zero.
/// <para>Names follow PyTorch: <c>embedding.weight</c> [V, E]; <c>rnn.weight_ih_l{k}</c> [G·H, I], <c>rnn.weight_hh_l{k}</c> [G·H, H],
/// <c>rnn.bias_ih_l{k}</c> and <c>rnn.bias_hh_l{k}</c> [G·H], each again with <c>_reverse</c>; <c>output.weight</c> [O, top], <c>output.bias</c> [O].
/// G is 4 for LSTM (i, f, g, o), 3 for GRU (r, z, n), 1 for the simple RNN. Ours alone: <c>rnn.h0_l{k}</c>, <c>rnn.c0_l{k}</c> [H]
/// (learned initial state); <c>rnn.norm_ih_l{k}</c>, <c>rnn.norm_hh_l{k}</c> [G·H] and <c>rnn.norm_c_l{k}</c>, <c>rnn.norm_c_bias_l{k}</c> [H]
/// (layer normalisation's gains and the cell's shift).</para>
/// <para>A forecasting network also has <c>segment.weight</c> [D, w·F], <c>segment.bias</c> [D] where segments are embedded, and otherwise the decoder's own
/// cells, <c>decoder.weight_ih_l{k}</c> and so on; <c>decoder.position</c> [M, P]; <c>decoder.series</c> [1 + series, its size];
/// <c>decoder.covariates.weight</c> [D, S + w·covariates], <c>decoder.covariates.bias</c> [D]; its <c>output.weight</c> is [w·C·Q, top]; and
/// <c>skip.weight</c> [H·Q, L], <c>skip.bias</c> [H·Q]. See <see cref="ForecastSpec"/>.</para>
/// </summary>
public sealed class ParameterLayout
{
    private const int Alignment = 16;
    private const int NamesInMessage = 12;
    private readonly NetworkSpec _spec;
    private readonly List<ParameterSlice> _slices = [];
    private readonly Dictionary<string, ParameterSlice> _byName = [];
    private readonly List<int> _layerEnds = [];

    /// <summary>Lays out the parameters of <paramref name="spec"/>.</summary>
    /// <exception cref="ArgumentException">A property is out of its range, or the network takes more memory than a buffer can have (8.6 GB).</exception>
    public ParameterLayout(NetworkSpec spec)
    {
        spec.Validate();
        _spec = spec;
        if (spec.VocabularySize > 0)
            Add("embedding.weight", spec.VocabularySize, spec.EmbeddingSize);
        if (spec.Forecast is { EmbedsSegments: true } embedding)
            AddLinear("segment", embedding.DecoderSize, spec.InputSize);
        for (int layer = 0; layer < spec.HiddenSizes.Count; layer++)
        {
            for (int direction = 0; direction < spec.Directions; direction++)
                AddLayer(spec, layer, Suffix(layer, direction));
            _layerEnds.Add(BlockLength);
        }
        if (spec.Forecast is { } forecast)
        {
            AddForecast(spec, forecast);
            return;
        }
        if (!spec.TiedEmbeddings)
            Add("output.weight", spec.OutputSize, spec.TopSize);
        Add("output.bias", spec.OutputSize);
    }

    private ParameterLayout(NetworkSpec spec, IEnumerable<ParameterSlice> slices)
    {
        _spec = spec;
        foreach (ParameterSlice slice in slices)
            Add(slice.Name, [.. slice.Shape]);
    }

    /// <summary>All slices, in the order of the block.</summary>
    public IReadOnlyList<ParameterSlice> Slices => _slices;

    /// <summary>Floats in the block, gaps included.</summary>
    public int BlockLength { get; private set; }

    /// <summary>Number of trainable values, gaps excluded.</summary>
    public long ParameterCount => _slices.Sum(s => (long)s.Length);

    /// <summary>The slice of that name.</summary>
    /// <exception cref="KeyNotFoundException">The network has no such parameter.</exception>
    public ParameterSlice this[string name] => _byName.TryGetValue(name, out ParameterSlice? slice)
        ? slice
        : throw new KeyNotFoundException(Invariant($"The network has no parameter '{name}'; it has {Names()}."));

    /// <summary>Whether the network has a parameter of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>
    /// The floats at the beginning of the block that are of the embedding, or of the first layers and whatever stands before them: those that a training with frozen
    /// layers leaves as they are.
    /// </summary>
    /// <param name="frozenLayers">Number of recurrent layers; 0: none, and then the embedding too is only frozen by itself.</param>
    /// <param name="freezeEmbedding">Whether the embedding is frozen.</param>
    /// <exception cref="ArgumentException">There are fewer layers.</exception>
    public int FrozenLength(int frozenLayers, bool freezeEmbedding)
    {
        Guard.RequireArgument(frozenLayers >= 0 && frozenLayers <= _layerEnds.Count, nameof(frozenLayers), frozenLayers, Invariant($"0 to {_layerEnds.Count}"));
        return frozenLayers > 0 ? _layerEnds[frozenLayers - 1] : freezeEmbedding && Contains("embedding.weight") ? this["embedding.weight"].Length : 0;
    }

    /// <summary>The ending of a layer's parameter names: <c>_l0</c>, <c>_l0_reverse</c>, <c>_l1</c>, …</summary>
    public static string Suffix(int layer, int direction) => direction == 0 ? Invariant($"_l{layer}") : Invariant($"_l{layer}_reverse");

    /// <summary>Gates per unit: 4 for LSTM, 3 for GRU, 1 for the simple RNN.</summary>
    public static int Gates(CellKind cell) => cell switch { CellKind.Lstm => 4, CellKind.Gru => 3, _ => 1 };

    /// <summary>The layout of those of the slices that hold.</summary>
    internal ParameterLayout Where(Func<ParameterSlice, bool> holds) => new(_spec, _slices.Where(holds));

    private void AddForecast(NetworkSpec spec, ForecastSpec forecast)
    {
        for (int layer = 0; layer < spec.HiddenSizes.Count && !forecast.EmbedsSegments; layer++)
            AddCell("decoder.", Suffix(layer, 0), Gates(spec.Cell), spec.HiddenSizes[layer], layer == 0 ? forecast.DecoderSize : spec.LayerInputSize(layer));
        Add("decoder.position", forecast.SegmentCount, forecast.PositionSize);
        if (forecast.SeriesCount > 0)
            Add("decoder.series", forecast.SeriesCount + 1, forecast.SeriesSize);
        if (forecast.CovariateSize > 0)
            AddLinear("decoder.covariates", forecast.DecoderSize, forecast.CovariateSize);
        AddLinear("output", checked(forecast.SegmentLength * forecast.StepOutputs), spec.TopSize);
        if (forecast.SkipLength > 0)
            AddLinear("skip", checked(forecast.Horizon * forecast.QuantileCount), forecast.SkipLength);
    }

    private void AddLinear(string name, int outputs, int inputs)
    {
        Add(name + ".weight", outputs, inputs);
        Add(name + ".bias", outputs);
    }

    private void AddCell(string prefix, string suffix, int gates, int units, int inputs)
    {
        int rows = checked(gates * units);
        Add(prefix + "weight_ih" + suffix, rows, inputs);
        Add(prefix + "weight_hh" + suffix, rows, units);
        Add(prefix + "bias_ih" + suffix, rows);
        Add(prefix + "bias_hh" + suffix, rows);
    }

    private void AddLayer(NetworkSpec spec, int layer, string suffix)
    {
        int units = spec.HiddenSizes[layer], rows = checked(Gates(spec.Cell) * units);
        AddCell("rnn.", suffix, Gates(spec.Cell), units, spec.LayerInputSize(layer));
        if (spec.LayerNormalization)
        {
            Add("rnn.norm_ih" + suffix, rows);
            Add("rnn.norm_hh" + suffix, rows);
            Add("rnn.norm_c" + suffix, units);
            Add("rnn.norm_c_bias" + suffix, units);
        }
        if (spec.LearnedInitialState)
        {
            Add("rnn.h0" + suffix, units);
            if (spec.Cell == CellKind.Lstm)
                Add("rnn.c0" + suffix, units);
        }
    }

    private void Add(string name, params int[] shape)
    {
        long length = shape.Aggregate(1L, (product, size) => product * size), end = (BlockLength + length + Alignment - 1) / Alignment * Alignment;
        NetworkSize.ValidateTotal(_spec, end);
        var slice = new ParameterSlice(name, shape, BlockLength, (int)length);
        _slices.Add(slice);
        _byName.Add(name, slice);
        BlockLength = (int)end;
    }

    private string Names() => string.Join(", ", _slices.Take(NamesInMessage).Select(slice => slice.Name))
        + (_slices.Count > NamesInMessage ? Invariant($" and {_slices.Count - NamesInMessage} more") : "");
}
