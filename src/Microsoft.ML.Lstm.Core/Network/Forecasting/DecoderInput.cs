using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// What the decoder reads for segment m of the horizon of sequence p, in row p·M + m:
/// <code>
///   u = (position[m] | series[id]) + W_c·(statics | futures of the segment's w steps) + b_c          [B·M, D]
/// </code>
/// Either half is missing where there are no series, the product where there are no covariates. Steps beyond the horizon, in its last segment, have
/// futures of zero. In training a dropped sequence reads series[0], the embedding of series that the network has not seen. Backward: embeddings'
/// gradients are sums over p in order.
/// </summary>
internal sealed unsafe class DecoderInput
{
    private readonly ForecastWeights _weights;
    private readonly ForecastSpec _spec;
    private readonly WorkerTeam _team;
    private readonly DenseLayer? _dense;
    private readonly FloatBuffer _covariates = new(), _positions = new();
    private readonly int _covariateRow;
    private SequenceBatch _batch = null!;
    private int[] _series = [];

    public DecoderInput(ForecastWeights weights, WorkerTeam team)
    {
        (_weights, _spec, _team) = (weights, weights.Spec, team);
        _dense = weights.Covariates is null ? null : new DenseLayer(weights.Covariates, team);
        _covariateRow = Gemm.Stride(_spec.CovariateSize);
        OutputRow = Gemm.Stride(_spec.DecoderSize);
    }

    /// <summary>u, [B·M, stride].</summary>
    public float* Output => _dense is null ? _positions.Pointer : _dense.Output;

    public nint OutputRow { get; }

    private int Segments => _spec.SegmentCount;

    public void Forward(SequenceBatch batch, float* block, in Dropout seriesDropout)
    {
        Check(_spec, batch);
        _batch = batch;
        int rows = batch.SequenceCount * Segments;
        ChooseSeries(seriesDropout);
        if (_dense is null)
        {
            _positions.Reserve(rows * OutputRow);
        }
        else
        {
            _covariates.Reserve((long)rows * _covariateRow);
            _team.Run(new GatherJob(this), (long)rows * _covariateRow);
            _dense.Forward(_covariates.Pointer, _covariateRow, rows);
        }
        _team.Run(new EmbedJob(this, block), rows * OutputRow);
    }

    /// <summary>Adds the gradients, from ∂loss/∂u in u's layout.</summary>
    public void Backward(float* dOutput, float* gradients)
    {
        _dense?.Backward(dOutput, gradients, needsInput: false);
        _team.Run(new ScatterJob(this, dOutput, gradients), _batch.SequenceCount * Segments * OutputRow);
    }

    /// <summary>Refuses a batch of other covariates than the network's.</summary>
    /// <exception cref="ArgumentException">Says what the batch has and what was expected.</exception>
    internal static void Check(ForecastSpec spec, SequenceBatch batch)
    {
        Require(batch.StaticSize, spec.StaticSize, "static covariates", nameof(ForecastSpec.StaticSize));
        Require(batch.FutureSize, (long)spec.Horizon * spec.FutureSize, "values of future covariates per sequence", "horizon times future covariates");
        if (batch.HasSeries != spec.SeriesCount > 0)
            throw new ArgumentException(batch.HasSeries ? "The batch has series; the network has no embedding of them." : "The batch has no series; the network expects them.");
        foreach (int series in batch.Series)
            if ((uint)series > (uint)spec.SeriesCount)
                throw new ArgumentOutOfRangeException(nameof(batch), series, Invariant(
                    $"A series is {series}; expected 1 to {spec.SeriesCount}, or 0 for one that the network has not seen."));
    }

    private static void Require(long found, long expected, string what, string property)
    {
        if (found != expected)
            throw new ArgumentException(Invariant($"The batch has {found} {what}; expected {expected}, the network's {property}."));
    }

    private void ChooseSeries(in Dropout dropout)
    {
        if (_series.Length < _batch.Series.Length)
            _series = new int[_batch.Series.Length];
        for (int p = 0; p < _batch.Series.Length; p++)
            _series[p] = dropout.Factor(p) == 0 ? 0 : _batch.Series[p];
    }

    private void GatherCovariates(int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_batch.SequenceCount, part, parts);
        int future = _spec.SegmentLength * _spec.FutureSize;
        for (int p = start; p < end; p++)
        {
            ReadOnlySpan<float> statics = _batch.Statics.Slice(p * _spec.StaticSize, _spec.StaticSize);
            ReadOnlySpan<float> futures = _batch.Futures.Slice(p * _batch.FutureSize, _batch.FutureSize);
            for (int m = 0; m < Segments; m++)
            {
                var to = new Span<float>(_covariates.Pointer + ((((nint)p * Segments) + m) * _covariateRow), _spec.CovariateSize);
                statics.CopyTo(to);
                ReadOnlySpan<float> segment = futures.Slice(m * future, Math.Min(future, futures.Length - (m * future)));
                segment.CopyTo(to[statics.Length..]);
                to[(statics.Length + segment.Length)..].Clear();
            }
        }
    }

    private void AddEmbeddings(float* block, int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_batch.SequenceCount, part, parts);
        for (int p = start; p < end; p++)
            for (int m = 0; m < Segments; m++)
            {
                float* to = Output + ((((nint)p * Segments) + m) * OutputRow);
                if (_dense is null)
                    new Span<float>(to, _spec.DecoderSize).Clear();
                RowMath.Add(Position(block, m), to, _spec.PositionSize);
                if (_spec.SeriesCount > 0)
                    RowMath.Add(Series(block, _series[p]), to + _spec.PositionSize, _spec.SeriesSize);
            }
    }

    /// <summary>By columns: every worker walks all rows in order, so that each embedding's sum has one order.</summary>
    private void AddGradients(float* dOutput, float* gradients, int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_spec.DecoderSize, part, parts, 8);
        int positionEnd = Math.Min(end, _spec.PositionSize), seriesStart = Math.Max(start, _spec.PositionSize);
        for (int p = 0; p < _batch.SequenceCount; p++)
            for (int m = 0; m < Segments; m++)
            {
                float* d = dOutput + ((((nint)p * Segments) + m) * OutputRow);
                if (start < positionEnd)
                    RowMath.Add(d + start, Position(gradients, m) + start, positionEnd - start);
                if (seriesStart < end)
                    RowMath.Add(d + seriesStart, Series(gradients, _series[p]) + (seriesStart - _spec.PositionSize), end - seriesStart);
            }
    }

    private float* Position(float* block, int segment) => block + _weights.PositionOffset + ((nint)segment * _spec.PositionSize);

    private float* Series(float* block, int series) => block + _weights.SeriesOffset + ((nint)series * _spec.SeriesSize);

    private readonly struct GatherJob(DecoderInput layer) : IParallelJob
    {
        public void Run(int part, int parts) => layer.GatherCovariates(part, parts);
    }

    private readonly struct EmbedJob(DecoderInput layer, float* block) : IParallelJob
    {
        public void Run(int part, int parts) => layer.AddEmbeddings(block, part, parts);
    }

    private readonly struct ScatterJob(DecoderInput layer, float* dOutput, float* gradients) : IParallelJob
    {
        public void Run(int part, int parts) => layer.AddGradients(dOutput, gradients, part, parts);
    }
}
