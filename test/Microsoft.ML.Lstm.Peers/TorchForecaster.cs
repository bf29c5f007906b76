using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>SegRNN (Lin et al. 2023) with a linear skip, by <see cref="ForecastSpec"/>: segments are embedded, a GRU reads them, and makes one more step for each segment of the horizon.</summary>
internal sealed class TorchForecaster : ITorchNetwork
{
    private readonly Workload _workload;
    private readonly ForecastSpec _forecast;
    private readonly Device _device;
    private readonly SequenceBatch _batch;
    private readonly Linear _segment, _output, _skip;
    private readonly GRU _gru;
    private readonly Parameter _position, _series;

    public TorchForecaster(Workload workload, SequenceBatch batch, Device device)
    {
        (_workload, _forecast, _batch, _device) = (workload, workload.Spec.Forecast!, batch, device);
        NetworkSpec spec = workload.Spec;
        int units = spec.HiddenSizes[0];
        _segment = nn.Linear(spec.InputSize, units, device: device);
        _gru = nn.GRU(units, units, device: device);
        _position = new Parameter(zeros(_forecast.SegmentCount, _forecast.PositionSize, device: device));
        _series = new Parameter(zeros(_forecast.SeriesCount + 1, _forecast.SeriesSize, device: device));
        _output = nn.Linear(units, _forecast.SegmentLength, device: device);
        _skip = nn.Linear(_forecast.SkipLength, _forecast.Horizon, device: device);
        Parameters = new Dictionary<string, Parameter>(TorchWeights.Named(("segment", _segment), ("rnn", _gru), ("output", _output), ("skip", _skip)))
        {
            ["decoder.position"] = _position,
            ["decoder.series"] = _series,
        };
    }

    public IReadOnlyDictionary<string, Parameter> Parameters { get; }

    public Tensor Forward()
    {
        int sequences = _batch.SequenceCount, segments = _forecast.SegmentCount;
        Tensor x = tensor(_batch.Features.ToArray(), [_batch.StepCount, sequences, _batch.FeatureSize]).to(_device);
        Tensor h = _gru.call(_segment.call(x).relu()).Item2;
        Tensor series = _series.index_select(0, tensor(Array.ConvertAll(_batch.Series.ToArray(), s => (long)s)).to(_device));
        Tensor u = cat([_position.unsqueeze(0).expand(sequences, segments, -1), series.unsqueeze(1).expand(sequences, segments, -1)], 2);
        Tensor top = _gru.call(u.reshape(1, sequences * segments, -1), h.repeat_interleave(segments, 1)).Item1[0];
        Tensor y = _output.call(nn.functional.dropout(top, _workload.Options.Regularization.OutputDropout)).reshape(sequences, -1);
        return y.narrow(1, 0, _forecast.Horizon) + _skip.call(x.permute(1, 0, 2).reshape(sequences, -1));
    }

    public void Dispose()
    {
        _segment.Dispose();
        _gru.Dispose();
        _output.Dispose();
        _skip.Dispose();
        _position.Dispose();
        _series.Dispose();
    }
}
