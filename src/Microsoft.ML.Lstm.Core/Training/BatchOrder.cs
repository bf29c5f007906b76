using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// Which examples make up which batch of an epoch. The order is a function of the seed and the epoch alone, so a position in the training
/// is two numbers: epoch and batch. Inside a batch the examples stand by decreasing length, as <see cref="SequenceBatch"/> packs them.
/// </summary>
public sealed class BatchOrder
{
    private readonly IExampleSource _examplesOf;
    private readonly SequenceDataset? _streams;
    private readonly BatchOrderKind _kind;
    private readonly int _batchSize;
    private readonly int _chunkSteps;
    private readonly int _seed;
    private readonly bool _hasOneLength;
    private readonly int[] _examples;
    private readonly int _count;
    private readonly int[] _batches;
    private long[] _keys = [];
    private int[] _shard = [];

    /// <summary>Plans the batches of examples.</summary>
    /// <param name="examples">The examples; at least one. <see cref="BatchOrderKind.Streams"/> are cut from a <see cref="SequenceDataset"/> alone.</param>
    /// <param name="kind">How to walk over them.</param>
    /// <param name="batchSize">Examples per batch, the last of an epoch perhaps fewer; or parallel streams.</param>
    /// <param name="chunkSteps">Steps per batch of <see cref="BatchOrderKind.Streams"/>; of no matter otherwise.</param>
    /// <param name="seed">Same seed, same order.</param>
    /// <param name="examplesPerEpoch">Most examples of an epoch, the first of its random order; null: all.</param>
    /// <exception cref="ArgumentException">The dataset is empty, a size is not positive, or the dataset is no stream.</exception>
    public BatchOrder(IExampleSource examples, BatchOrderKind kind, int batchSize, int chunkSteps = 35, int seed = 0, int? examplesPerEpoch = null)
    {
        Require(batchSize > 0, "BatchSize", batchSize, "1 or more");
        Require(examples.Count > 0, "The number of examples", examples.Count, "at least 1");
        bool isStream = kind == BatchOrderKind.Streams;
        Require(!isStream || chunkSteps > 0, "ChunkSteps", chunkSteps, "1 or more");
        Require(!isStream || examples is SequenceDataset, "Order", kind, "another order, since the examples are no dataset that streams can be cut from");
        _streams = isStream ? ((SequenceDataset)examples).CutIntoStreams(batchSize) : null;
        _examplesOf = _streams ?? examples;
        (_kind, _batchSize, _chunkSteps, _seed) = (kind, batchSize, chunkSteps, seed);
        _examples = [.. Enumerable.Range(0, _examplesOf.Count)];
        _count = Math.Min(_examples.Length, examplesPerEpoch ?? int.MaxValue);
        BatchCount = isStream ? CeilingOf(_examplesOf.Length(0), chunkSteps) : CeilingOf(_count, batchSize);
        _batches = [.. Enumerable.Range(0, BatchCount)];
        _hasOneLength = HasOneLength(_examplesOf);
        BeginEpoch(0);
    }

    /// <summary>Batches of an epoch.</summary>
    public int BatchCount { get; }

    /// <summary>Where the examples come from.</summary>
    internal IExampleSource Source => _examplesOf;

    /// <summary>Lays out the order of an epoch, counted from 0.</summary>
    public void BeginEpoch(int epoch)
    {
        if (_kind == BatchOrderKind.Streams)
            return;
        for (int i = 0; i < _examples.Length; i++)
            _examples[i] = i;
        var random = new RandomStream(_seed, Invariant($"epoch {epoch}"));
        if (_kind != BatchOrderKind.Sequential)
            random.Shuffle(_examples);
        if (!_hasOneLength)
            SortByLength();
        if (_kind != BatchOrderKind.LengthBuckets)
            return;
        for (int i = 0; i < _batches.Length; i++)
            _batches[i] = i;
        random.Shuffle(_batches);
    }

    /// <summary>The examples of a batch.</summary>
    public ReadOnlySpan<int> Examples(int batch)
    {
        if (_kind == BatchOrderKind.Streams)
            return _examples;
        int first = _batches[batch] * _batchSize;
        return _examples.AsSpan(first, Math.Min(_batchSize, _count - first));
    }

    /// <summary>Packs a batch.</summary>
    /// <param name="batch">What to fill.</param>
    /// <param name="index">Which batch of the epoch, from 0.</param>
    public void Fill(SequenceBatch batch, int index)
    {
        if (_streams is not null)
            _streams.Fill(batch, _examples, index * _chunkSteps, _chunkSteps);
        else
            _examplesOf.Fill(batch, Examples(index));
    }

    /// <summary>Packs a shard of a batch: every <paramref name="shards"/>-th of its examples, so that each shard has long and short ones.</summary>
    /// <returns>Whether it has any.</returns>
    internal bool TryFill(SequenceBatch batch, int index, int shard, int shards)
    {
        ReadOnlySpan<int> all = Examples(index);
        int count = CeilingOf(Math.Max(0, all.Length - shard), shards);
        if (count == 0)
            return false;
        if (_shard.Length < count)
            _shard = new int[count];
        Span<int> examples = _shard.AsSpan(0, count);
        for (int i = 0; i < count; i++)
            examples[i] = all[shard + (i * shards)];
        if (_streams is not null)
            _streams.Fill(batch, examples, index * _chunkSteps, _chunkSteps);
        else
            _examplesOf.Fill(batch, examples);
        return true;
    }

    // Bucketing sorts all examples, the other kinds each batch. The place in the shuffled order breaks ties.
    private void SortByLength()
    {
        if (_keys.Length == 0)
            _keys = new long[_count];
        for (int i = 0; i < _count; i++)
            _keys[i] = ((long)-_examplesOf.Length(_examples[i]) << 32) | (uint)i;
        int piece = _kind == BatchOrderKind.LengthBuckets ? _count : _batchSize;
        for (int start = 0; start < _count; start += piece)
        {
            int count = Math.Min(piece, _count - start);
            Array.Sort(_keys, _examples, start, count);
        }
    }

    private static bool HasOneLength(IExampleSource dataset)
    {
        for (int i = 1; i < dataset.Count; i++)
            if (dataset.Length(i) != dataset.Length(0))
                return false;
        return true;
    }

    private static int CeilingOf(int all, int part) => (int)(((long)all + part - 1) / part);
}
