namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>The weights that a forecasting network has besides its encoder's and the output layer's, packed for the kernels.</summary>
internal sealed unsafe class ForecastWeights
{
    private readonly bool _ownsDecoder;

    public ForecastWeights(NetworkSpec spec, ParameterLayout layout, LayerWeights[][] encoder, bool forTraining, WeightPrecision precision)
    {
        Spec = spec.Forecast!;
        _ownsDecoder = !Spec.EmbedsSegments;
        Decoder = [.. encoder.Select((layer, i) => _ownsDecoder ? new LayerWeights(spec, layout, i, 0, forTraining, precision, "decoder.") : layer[0])];
        Segment = Linear("segment");
        Covariates = Linear("decoder.covariates");
        Skip = Linear("skip");
        PositionOffset = layout["decoder.position"].Offset;
        SeriesOffset = Spec.SeriesCount > 0 ? layout["decoder.series"].Offset : 0;

        DenseWeights? Linear(string name) =>
            layout.Contains(name + ".weight") ? new DenseWeights(layout[name + ".weight"], layout[name + ".bias"], forTraining, precision) : null;
    }

    public ForecastSpec Spec { get; }

    /// <summary>The decoder's cells by layer; the encoder's own where segments are embedded.</summary>
    public LayerWeights[] Decoder { get; }

    /// <summary>Segment → what the encoder reads; null where segments are not embedded.</summary>
    public DenseWeights? Segment { get; }

    /// <summary>Covariates → decoder's input; null where there are none.</summary>
    public DenseWeights? Covariates { get; }

    /// <summary>Window of a target → its horizon; null where there is none.</summary>
    public DenseWeights? Skip { get; }

    /// <summary>Positions' embeddings in the block, [M, P].</summary>
    public int PositionOffset { get; }

    /// <summary>Series' embeddings in the block, [1 + series, size].</summary>
    public int SeriesOffset { get; }

    /// <summary>Packs a worker's share.</summary>
    public void Pack(float* block, int worker, int workers)
    {
        foreach (LayerWeights layer in _ownsDecoder ? Decoder : [])
            layer.Pack(block, worker, workers);
        Segment?.Pack(block, worker, workers);
        Covariates?.Pack(block, worker, workers);
        Skip?.Pack(block, worker, workers);
    }
}
