using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// The forecasting network (<see cref="Network.Forecasting.ForecastNetwork"/>): encoder over segments, one step of the decoder for each
/// segment of the horizon, all at once, and the linear skip. N are the channels of a batch.
/// </summary>
internal sealed class ForecastNetworkExport
{
    private readonly OnnxGraph _graph;
    private readonly NetworkSpec _spec;
    private readonly ForecastSpec _forecast;
    private readonly NetworkParameters _parameters;
    private readonly ForecastWindowsExport _windows;
    private readonly string _count;

    public ForecastNetworkExport(OnnxGraph graph, NetworkScorer network, string prefix, ForecastWindowsExport windows)
    {
        (_graph, _spec, _forecast, _windows) = (graph, network.Spec, network.Spec.Forecast!, windows);
        _parameters = new NetworkParameters(graph, network, prefix);
        _count = graph.Size(windows.Values, 0);
    }

    /// <summary>Normalised outputs: [N, H, Q].</summary>
    public string Write()
    {
        IReadOnlyList<LayerState> states = Encode();
        string segments = Linear("output", Decode(states));
        int horizon = _forecast.Horizon, quantiles = _forecast.QuantileCount;
        string outputs = _graph.Reshape(segments, -1, _forecast.SegmentCount * _forecast.SegmentLength * quantiles);
        outputs = _graph.First(outputs, 1, _graph.Integers(horizon * quantiles));
        if (_forecast.SkipLength > 0)
            outputs = _graph.Add(outputs, Skip());
        outputs = _graph.Reshape(outputs, -1, horizon, quantiles);
        return _forecast.OrderedQuantiles ? Ordered(outputs) : outputs;
    }

    private List<LayerState> Encode()
    {
        int w = _forecast.SegmentLength, size = _spec.InputSize / w;
        string rows = _windows.Features;
        if (w > 1)
        {
            // A first segment that is not full is zero before its first row.
            string count = _graph.Size(rows, 1);
            string segments = _graph.Divide(_graph.Add(count, _graph.Number((long)w - 1)), _graph.Number((long)w));
            string missing = _graph.Subtract(_graph.Multiply(segments, _graph.Number((long)w)), count);
            rows = _graph.Op("Pad", rows, _graph.Concat(0, _graph.Integers(0), missing, _graph.Integers(0, 0, 0, 0)));
        }
        string x = _graph.Transpose(_graph.Reshape(rows, 0, -1, w * size), 1, 0, 2);
        if (_forecast.EmbedsSegments)
            x = _graph.Op("Relu", Linear("segment", x));
        var layers = new RecurrentLayersExport(_graph, _spec, _parameters);
        layers.Run(x, new ExportedSequences(_count, "", null), layer => Begin(layers, layer));
        return layers.Final;
    }

    private LayerState Begin(RecurrentLayersExport layers, int layer)
    {
        if (!_spec.LearnedInitialState)
            return new LayerState("", "");
        return new LayerState(State("rnn.h0"), _spec.Cell == CellKind.Lstm ? State("rnn.c0") : "");

        string State(string name)
        {
            int units = _spec.HiddenSizes[layer];
            string state = _graph.Tensor(name, _parameters.InitialStates(name, layers.Suffixes(layer), units), 1, 1, units);
            return _graph.Expand(state, _graph.Integers(1), _count, _graph.Integers(units));
        }
    }

    /// <summary>The last layer's outputs: [N·M, top].</summary>
    private string Decode(IReadOnlyList<LayerState> states)
    {
        string u = _graph.Reshape(DecoderInput(), 1, -1, _forecast.DecoderSize);
        var layers = new RecurrentLayersExport(_graph, _spec, _parameters);
        string top = layers.Run(u, new ExportedSequences("", "", 1), layer =>
            new LayerState(OfSegments(states[layer].H, layer), OfSegments(states[layer].C, layer)),
            _forecast.EmbedsSegments ? "rnn." : "decoder.");
        return _graph.Squeeze(top, 0);
    }

    // Every segment of a channel begins in the encoder's final state.
    private string OfSegments(string state, int layer)
    {
        if (state.Length == 0)
            return "";
        int units = _spec.HiddenSizes[layer];
        string each = _graph.Expand(_graph.Reshape(state, -1, 1, units), _count, _graph.Integers(_forecast.SegmentCount, units));
        return _graph.Reshape(each, 1, -1, units);
    }

    /// <summary>u: [N, M, D].</summary>
    private string DecoderInput()
    {
        int segments = _forecast.SegmentCount;
        string u = _graph.Expand(_parameters.As("decoder.position", 1, segments, _forecast.PositionSize), _count,
            _graph.Integers(segments, _forecast.PositionSize));
        if (_forecast.SeriesCount > 0)
        {
            string series = _graph.Unsqueeze(_graph.Gather(_parameters.As("decoder.series"), _windows.Numbers, 0), 1);
            u = _graph.Concat(2, u, _graph.Expand(series, _count, _graph.Integers(segments, _forecast.SeriesSize)));
        }
        if (_forecast.CovariateSize == 0)
            return u;
        List<string> covariates = [];
        if (_forecast.StaticSize > 0)
            covariates.Add(_graph.Expand(_graph.Unsqueeze(_windows.Statics, 1), _count, _graph.Integers(segments, _forecast.StaticSize)));
        if (_forecast.FutureSize > 0)
        {
            int surplus = (segments * _forecast.SegmentLength) - _forecast.Horizon;
            string futures = surplus == 0 ? _windows.Futures : _graph.Op("Pad", _windows.Futures, _graph.Integers(0, 0, 0, 0, surplus, 0));
            covariates.Add(_graph.Reshape(futures, 0, segments, _forecast.SegmentLength * _forecast.FutureSize));
        }
        return _graph.Add(u, Linear("decoder.covariates", _graph.Concat(2, [.. covariates])));
    }

    /// <summary>Of the last values, with zeros before where there are fewer: [N, H·Q].</summary>
    private string Skip()
    {
        string longer = _graph.Op("Pad", _windows.Values, _graph.Integers(0, _forecast.SkipLength, 0, 0));
        return Linear("skip", _graph.Last(longer, 1, _forecast.SkipLength));
    }

    private string Ordered(string raw)
    {
        int quantiles = _forecast.QuantileCount, middle = quantiles / 2;
        string[] ordered = new string[quantiles];
        ordered[middle] = At(middle);
        for (int q = middle + 1; q < quantiles; q++)
            ordered[q] = _graph.Add(ordered[q - 1], _graph.Op("Softplus", At(q)));
        for (int q = middle - 1; q >= 0; q--)
            ordered[q] = _graph.Subtract(ordered[q + 1], _graph.Op("Softplus", At(q)));
        return _graph.Concat(2, ordered);

        string At(int q) => _graph.Gather(raw, _graph.Integers(q), 2);
    }

    private string Linear(string name, string x) =>
        _graph.Linear(x, _parameters.Transposed(name + ".weight"), _parameters.As(name + ".bias"));
}
