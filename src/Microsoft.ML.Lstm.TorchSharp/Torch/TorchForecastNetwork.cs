using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Network.Forecasting;
using Microsoft.ML.Lstm.Sequences;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>The forecasting network, by the equations of <see cref="ForecastNetwork"/>, <see cref="DecoderInput"/> and <see cref="HorizonOutput"/>.</summary>
internal sealed class TorchForecastNetwork(NetworkSpec spec, RegularizationSpec dropout, DeviceWeights weights, Device device) : ITorchNetwork
{
    private readonly ForecastSpec _forecast = spec.Forecast!;
    private readonly RecurrentStack _stack = new(spec, weights, dropout.LayerDropout, device);

    public Tensor Forward(DeviceBatch batch, CarriedState? carried, DropoutDraws? draws)
    {
        DecoderInput.Check(_forecast, batch.Host);
        Tensor x = draws?.Drop(batch.Features!, dropout.InputDropout) ?? batch.Features!;
        if (_forecast.EmbedsSegments)
            x = Linear(x, "segment").relu();
        (_, IReadOnlyList<LayerState> finals) = _stack.Run(batch, x, carried, draws);
        Tensor top = _stack.Decode(DecoderInputs(batch, draws), finals, _forecast.SegmentCount, draws);
        top = draws?.Drop(top, dropout.OutputDropout) ?? top;
        Tensor y = Linear(top, "output").reshape(batch.Sequences, -1).narrow(1, 0, spec.OutputSize);
        if (_forecast.SkipLength > 0)
            y += Skip(batch);
        return _forecast.OrderedQuantiles ? Ordered(y) : y;
    }

    /// <summary>u: what the decoder reads, [B·M, D].</summary>
    private Tensor DecoderInputs(DeviceBatch batch, DropoutDraws? draws)
    {
        int segments = _forecast.SegmentCount;
        Tensor u = weights["decoder.position"].unsqueeze(0).expand(batch.Sequences, segments, _forecast.PositionSize);
        if (_forecast.SeriesCount > 0)
        {
            Tensor series = batch.Upload(batch.Host.Series, batch.Sequences);
            if (draws is not null && dropout.SeriesDropout > 0)
                series = (draws.Mask([batch.Sequences], dropout.SeriesDropout, device) > 0).to(int64) * series;
            u = cat([u, weights["decoder.series"].index_select(0, series).unsqueeze(1).expand(batch.Sequences, segments, _forecast.SeriesSize)], 2);
        }
        if (_forecast.CovariateSize > 0)
            u += Linear(Covariates(batch.Host, batch), "decoder.covariates");
        return u.reshape(batch.Sequences * segments, _forecast.DecoderSize);
    }

    /// <summary>[B, M, S + w·covariates]; beyond the horizon, in the last segment, covariates are 0.</summary>
    private Tensor Covariates(SequenceBatch host, DeviceBatch batch)
    {
        int segments = _forecast.SegmentCount, width = _forecast.SegmentLength * _forecast.FutureSize;
        var parts = new List<Tensor>();
        if (_forecast.StaticSize > 0)
            parts.Add(batch.Upload(host.Statics, batch.Sequences, 1, _forecast.StaticSize).expand(batch.Sequences, segments, _forecast.StaticSize));
        if (_forecast.FutureSize > 0)
        {
            Tensor futures = batch.Upload(host.Futures, batch.Sequences, host.FutureSize);
            parts.Add(nn.functional.pad(futures, [0, (segments * (long)width) - host.FutureSize]).view(batch.Sequences, segments, width));
        }
        return parts.Count == 1 ? parts[0] : cat(parts, 2);
    }

    /// <summary>A linear forecast of each target from its last values, [B, H·C·Q].</summary>
    private Tensor Skip(DeviceBatch batch)
    {
        float[] windows = new float[batch.Sequences * _forecast.TargetCount * _forecast.SkipLength];
        for (int p = 0, row = 0; p < batch.Sequences; p++)
            for (int target = 0; target < _forecast.TargetCount; target++, row++)
                LinearSkip.LastValues(batch.Host, _forecast, p, target, windows.AsSpan(row * _forecast.SkipLength, _forecast.SkipLength));
        Tensor z = batch.Upload(windows, batch.Sequences, _forecast.TargetCount, _forecast.SkipLength);
        // In float32 whatever the precision: with no rounding a straight line goes on as one.
        return nn.functional.linear(z, weights["skip.weight"], weights["skip.bias"]).view(batch.Sequences, _forecast.TargetCount, _forecast.Horizon, _forecast.QuantileCount)
            .permute(0, 2, 1, 3).reshape(batch.Sequences, spec.OutputSize);
    }

    /// <summary>The middle quantile plus and minus sums of positive increments.</summary>
    private Tensor Ordered(Tensor raw)
    {
        int quantiles = _forecast.QuantileCount, middle = quantiles / 2;
        Tensor r = raw.reshape(-1, quantiles), center = r.narrow(1, middle, 1);
        var parts = new List<Tensor>();
        if (middle > 0)
            parts.Add(center - nn.functional.softplus(r.narrow(1, 0, middle)).flip(1).cumsum(1).flip(1));
        parts.Add(center);
        if (middle < quantiles - 1)
            parts.Add(center + nn.functional.softplus(r.narrow(1, middle + 1, quantiles - middle - 1)).cumsum(1));
        return cat(parts, 1).view(-1, spec.OutputSize);
    }

    private Tensor Linear(Tensor x, string name) => weights.Linear(x, name + ".weight", name + ".bias");
}
