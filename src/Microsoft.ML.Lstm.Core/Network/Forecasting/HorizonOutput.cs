using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// Puts a forecast together: y [B, H·C·Q], quantiles fastest, from the output layer's segments [B·M, w·C·Q], whose surplus beyond the horizon is cut, plus
/// the linear skip's [B·C, H·Q] if there is one. Where quantiles are ordered, r being that sum and m the middle one:
/// <code>
///   y[m] = r[m]     y[q] = y[q−1] + softplus(r[q]), q &gt; m     y[q] = y[q+1] − softplus(r[q]), q &lt; m
/// </code>
/// so that y[q] never falls as q rises. Kept for the backward pass: r.
/// </summary>
internal sealed unsafe class HorizonOutput
{
    private readonly NetworkSpec _network;
    private readonly ForecastSpec _spec;
    private readonly WorkerTeam _team;
    private readonly DenseLayer _segments;
    private readonly LinearSkip? _skip;
    private readonly FloatBuffer _output = new(), _raw = new();
    private int _sequences;

    public HorizonOutput(NetworkSpec network, DenseLayer segments, LinearSkip? skip, WorkerTeam team)
    {
        (_network, _spec, _segments, _skip, _team) = (network, network.Forecast!, segments, skip, team);
        OutputRow = Gemm.Stride(network.OutputSize);
    }

    /// <summary>y, [B, stride]; the loss puts its gradient in its place.</summary>
    public float* Output => _output.Pointer;

    public nint OutputRow { get; }

    private int Middle => _spec.QuantileCount / 2;

    private int SegmentOutputs => _spec.SegmentLength * _spec.StepOutputs;

    public void Forward(int sequences)
    {
        _sequences = sequences;
        _output.Reserve(sequences * OutputRow);
        if (_spec.OrderedQuantiles)
            _raw.Reserve(sequences * OutputRow);
        _team.Run(new CollectJob(this), sequences * OutputRow);
    }

    /// <summary>Takes ∂loss/∂y from y's place to those of the output layer's and the skip's outputs.</summary>
    public void Backward() => _team.Run(new SpreadJob(this), _sequences * OutputRow);

    private void Collect(int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_sequences, part, parts);
        for (int p = start; p < end; p++)
        {
            float* y = Output + (p * OutputRow);
            for (int m = 0; m < _spec.SegmentCount; m++)
                new ReadOnlySpan<float>(Segment(p, m), Width(m)).CopyTo(new Span<float>(y + (m * SegmentOutputs), SegmentOutputs));
            AddSkip(p, y);
            if (!_spec.OrderedQuantiles)
                continue;
            float* raw = _raw.Pointer + (p * OutputRow);
            new ReadOnlySpan<float>(y, _network.OutputSize).CopyTo(new Span<float>(raw, _network.OutputSize));
            for (int first = 0; first < _network.OutputSize; first += _spec.QuantileCount)
                Order(raw + first, y + first);
        }
    }

    private void Spread(int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_sequences, part, parts);
        for (int p = start; p < end; p++)
        {
            float* d = Output + (p * OutputRow);
            for (int first = 0; first < _network.OutputSize && _spec.OrderedQuantiles; first += _spec.QuantileCount)
                OrderBackward(_raw.Pointer + (p * OutputRow) + first, d + first);
            for (int m = 0; m < _spec.SegmentCount; m++)
            {
                var to = new Span<float>(Segment(p, m), SegmentOutputs);
                new ReadOnlySpan<float>(d + (m * SegmentOutputs), Width(m)).CopyTo(to);
                to[Width(m)..].Clear();
            }
            SpreadSkip(p, d);
        }
    }

    private void AddSkip(int p, float* y)
    {
        for (int target = 0; target < _spec.TargetCount && _skip is not null; target++)
            for (int step = 0; step < _spec.Horizon; step++)
                RowMath.Add(Skip(p, target, step), y + (((step * _spec.TargetCount) + target) * _spec.QuantileCount), _spec.QuantileCount);
    }

    private void SpreadSkip(int p, float* d)
    {
        for (int target = 0; target < _spec.TargetCount && _skip is not null; target++)
            for (int step = 0; step < _spec.Horizon; step++)
                new ReadOnlySpan<float>(d + (((step * _spec.TargetCount) + target) * _spec.QuantileCount), _spec.QuantileCount)
                    .CopyTo(new Span<float>(Skip(p, target, step), _spec.QuantileCount));
    }

    private void Order(float* raw, float* y)
    {
        for (int q = Middle + 1; q < _spec.QuantileCount; q++)
            y[q] = y[q - 1] + Softplus(raw[q]);
        for (int q = Middle - 1; q >= 0; q--)
            y[q] = y[q + 1] - Softplus(raw[q]);
    }

    private void OrderBackward(float* raw, float* d)
    {
        float above = 0, below = 0;
        for (int q = _spec.QuantileCount - 1; q > Middle; q--)
        {
            above += d[q];
            d[q] = above * Sigmoid(raw[q]);
        }
        for (int q = 0; q < Middle; q++)
        {
            below += d[q];
            d[q] = -below * Sigmoid(raw[q]);
        }
        d[Middle] += above + below;
    }

    private static float Softplus(float x) => (float)(Math.Max(x, 0.0) + Math.Log(1 + Math.Exp(-Math.Abs((double)x))));

    private static float Sigmoid(float x) => (float)(1 / (1 + Math.Exp(-(double)x)));

    private float* Segment(int p, int m) => _segments.Output + ((((nint)p * _spec.SegmentCount) + m) * _segments.OutputRow);

    private float* Skip(int p, int target, int step) =>
        _skip!.Output + ((((nint)p * _spec.TargetCount) + target) * _skip.OutputRow) + (step * _spec.QuantileCount);

    /// <summary>Outputs of a segment within the horizon.</summary>
    private int Width(int m) => Math.Min(SegmentOutputs, _network.OutputSize - (m * SegmentOutputs));

    private readonly struct CollectJob(HorizonOutput output) : IParallelJob
    {
        public void Run(int part, int parts) => output.Collect(part, parts);
    }

    private readonly struct SpreadJob(HorizonOutput output) : IParallelJob
    {
        public void Run(int part, int parts) => output.Spread(part, parts);
    }
}
