using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// What the decoder reads for segment m of the horizon of sequence p, in row p·M + m:
/// <code>
///   u = (position[m] | series[id]) + v       v = W_c·(statics | futures of the segment's w steps) + b_c          [B·M, D]
/// </code>
/// Series are missing where there are none, v where there are no covariates. The B·M pairs of embeddings are sums of few rows, which are
/// all that is laid out here and all that the first layer multiplies (<see cref="EmbeddingGates"/>): E [M + K, D], (position[m] | 0) of each
/// segment, then (0 | series) of each of the K series in the batch. Steps beyond the horizon, in its last segment, have futures of zero. In
/// training a dropped sequence reads series[0], the embedding of series that the network has not seen.
/// </summary>
internal sealed unsafe class DecoderInput
{
    private readonly ForecastWeights _weights;
    private readonly ForecastSpec _spec;
    private readonly WorkerTeam _team;
    private readonly DenseLayer? _dense;
    private readonly FloatBuffer _embeddings = new(), _covariates = new();
    private readonly int _covariateRow;

    // The K series of the batch; the place among them of each sequence's, and of any series, if it is there.
    private readonly int[] _placeOfSeries;
    private int[] _series = [], _placeOfSequence = [];
    private int _seriesCount;
    private SequenceBatch _batch = null!;

    public DecoderInput(ForecastWeights weights, WorkerTeam team)
    {
        (_weights, _spec, _team) = (weights, weights.Spec, team);
        _dense = weights.Covariates is null ? null : new DenseLayer(weights.Covariates, team);
        _covariateRow = Gemm.Stride(_spec.CovariateSize);
        _placeOfSeries = _spec.SeriesCount > 0 ? new int[_spec.SeriesCount + 1] : [];
        Row = Gemm.Stride(_spec.DecoderSize);
    }

    /// <summary>Row stride of E and of v.</summary>
    public nint Row { get; }

    /// <summary>E, [M + K, <see cref="Row"/>].</summary>
    public float* Embeddings => _embeddings.Pointer;

    /// <summary>M + K.</summary>
    public int EmbeddingCount => Segments + _seriesCount;

    /// <summary>v, [B·M, <see cref="Row"/>]; null where there are no covariates.</summary>
    public float* Covariates => _dense is null ? null : _dense.Output;

    /// <summary>Columns of E that are a position's; the rest are a series'.</summary>
    public int PositionSize => _spec.PositionSize;

    public bool HasSeries => _spec.SeriesCount > 0;

    private int Segments => _spec.SegmentCount;

    /// <summary>The row of E that is a sequence's series.</summary>
    public int SeriesRow(int sequence) => Segments + _placeOfSequence[sequence];

    public void Forward(SequenceBatch batch, float* block, in Dropout seriesDropout)
    {
        Check(_spec, batch);
        _batch = batch;
        ChooseSeries(seriesDropout);
        GatherEmbeddings(block);
        if (_dense is null)
            return;
        int rows = batch.SequenceCount * Segments;
        _covariates.Reserve((long)rows * _covariateRow);
        _team.Run(new GatherJob(this), (long)rows * _covariateRow);
        _dense.Forward(_covariates.Pointer, _covariateRow, rows);
    }

    /// <summary>
    /// Adds the gradients, from ∂loss/∂E and, where there are covariates, ∂loss/∂v, laid out as E and v. <paramref name="needsInput"/>: whether
    /// those of the covariates are wanted.
    /// </summary>
    public void Backward(float* dEmbeddings, float* dCovariates, float* gradients, bool needsInput)
    {
        _dense?.Backward(dCovariates, gradients, needsInput);
        for (int m = 0; m < Segments; m++)
            RowMath.Add(dEmbeddings + (m * Row), Position(gradients, m), _spec.PositionSize);
        for (int k = 0; k < _seriesCount; k++)
            RowMath.Add(SeriesColumns(dEmbeddings, k), Series(gradients, _series[k]), _spec.SeriesSize);
    }

    /// <summary>Copies ∂loss/∂statics, summed over the segments, and ∂loss/∂futures, laid out as in the batch.</summary>
    public void CopyInputGradients(Span<float> statics, Span<float> futures)
    {
        statics.Clear();
        futures.Clear();
        int future = _spec.SegmentLength * _spec.FutureSize;
        for (int p = 0; p < _batch.SequenceCount && _dense is not null; p++)
            for (int m = 0; m < Segments; m++)
            {
                var from = new ReadOnlySpan<float>(_dense.DInput + ((((nint)p * Segments) + m) * _dense.DInputRow), _spec.CovariateSize);
                for (int i = 0; i < _spec.StaticSize; i++)
                    statics[(p * _spec.StaticSize) + i] += from[i];
                Span<float> to = futures.Slice(p * _batch.FutureSize, _batch.FutureSize)[(m * future)..];
                to = to[..Math.Min(future, to.Length)];
                from.Slice(_spec.StaticSize, to.Length).CopyTo(to);
            }
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

    /// <summary>
    /// The batch's series in the order of their first sequences. What an earlier batch left needs no clearing: a place counts if that
    /// series is there.
    /// </summary>
    private void ChooseSeries(in Dropout dropout)
    {
        _seriesCount = 0;
        if (_series.Length < _batch.Series.Length)
            (_series, _placeOfSequence) = (new int[_batch.Series.Length], new int[_batch.Series.Length]);
        for (int p = 0; p < _batch.Series.Length; p++)
        {
            int series = dropout.Factor(p) == 0 ? 0 : _batch.Series[p], place = _placeOfSeries[series];
            if (place >= _seriesCount || _series[place] != series)
            {
                place = _seriesCount++;
                (_series[place], _placeOfSeries[series]) = (series, place);
            }
            _placeOfSequence[p] = place;
        }
    }

    private void GatherEmbeddings(float* block)
    {
        _embeddings.Reserve(EmbeddingCount * Row);
        new Span<float>(Embeddings, (int)(EmbeddingCount * Row)).Clear();
        for (int m = 0; m < Segments; m++)
            RowMath.CopyRows(Position(block, m), 0, Embeddings + (m * Row), Row, 1, _spec.PositionSize);
        for (int k = 0; k < _seriesCount; k++)
            RowMath.CopyRows(Series(block, _series[k]), 0, SeriesColumns(Embeddings, k), Row, 1, _spec.SeriesSize);
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

    /// <summary>Of the batch's k-th series, in rows laid out as E.</summary>
    private float* SeriesColumns(float* embeddings, int k) => embeddings + ((Segments + k) * Row) + _spec.PositionSize;

    private float* Position(float* block, int segment) => block + _weights.PositionOffset + ((nint)segment * _spec.PositionSize);

    private float* Series(float* block, int series) => block + _weights.SeriesOffset + ((nint)series * _spec.SeriesSize);

    private readonly struct GatherJob(DecoderInput layer) : IParallelJob
    {
        public void Run(int part, int parts) => layer.GatherCovariates(part, parts);
    }
}
