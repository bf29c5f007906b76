using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The ranges of the gradient block that can be other than zero, in order: all of it, or all but the embedding's rows of tokens that a batch has none of. With a
/// large vocabulary those are most of the block. Ranges begin at multiples of <see cref="Unit"/>, and end there or with the block.
/// </summary>
internal sealed class LiveRanges(ParameterLayout layout, NetworkSpec spec)
{
    /// <summary>Chains of a sum over a tile: a sum that leaves out whole rounds of zeros has the same bits.</summary>
    public const int Unit = 16;

    // With tied embeddings the output layer's gradient is in every row.
    private readonly ParameterSlice? _embedding = spec.VocabularySize > 0 && !spec.TiedEmbeddings ? layout["embedding.weight"] : null;
    private int[] _tokens = [];
    private (int Start, int End)[] _ranges = [(0, layout.BlockLength)];
    private int _count = 1;

    /// <summary>Takes the whole block.</summary>
    public void SetAll() => (_ranges[0], _count) = ((0, layout.BlockLength), 1);

    /// <summary>Leaves out the embedding's rows of all but some tokens.</summary>
    public void SetTokens(ReadOnlySpan<int> tokens)
    {
        SetAll();
        if (_embedding is null || tokens.Length >= spec.VocabularySize)
            return;
        if (_tokens.Length < tokens.Length)
            (_tokens, _ranges) = (new int[tokens.Length], new (int, int)[tokens.Length + 2]);
        Span<int> sorted = _tokens.AsSpan(0, tokens.Length);
        tokens.CopyTo(sorted);
        sorted.Sort();
        _count = 0;
        Add(0, _embedding.Offset);
        foreach (int token in sorted)
            Add(_embedding.Offset + (token * spec.EmbeddingSize), _embedding.Offset + ((token + 1) * spec.EmbeddingSize));
        Add(_embedding.Offset + _embedding.Length, layout.BlockLength);
    }

    /// <summary>The parts of the ranges that lie in [start, end).</summary>
    public Enumerable Within(int start, int end) => new(this, start, end);

    private void Add(int start, int end)
    {
        start = start / Unit * Unit;
        end = Math.Min(layout.BlockLength, (end + Unit - 1) / Unit * Unit);
        if (_count > 0 && start <= _ranges[_count - 1].End)
            _ranges[_count - 1].End = Math.Max(end, _ranges[_count - 1].End);
        else if (start < end)
            _ranges[_count++] = (start, end);
    }

    /// <summary>The first range that ends after <paramref name="start"/>.</summary>
    private int FirstAfter(int start)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _ranges[middle].End <= start ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    public readonly struct Enumerable(LiveRanges ranges, int start, int end)
    {
        public Enumerator GetEnumerator() => new(ranges, start, end);
    }

    public struct Enumerator(LiveRanges ranges, int start, int end)
    {
        private int _next = ranges.FirstAfter(start);

        public (int Start, int End) Current { get; private set; }

        public bool MoveNext()
        {
            if (_next >= ranges._count || ranges._ranges[_next].Start >= end)
                return false;
            (int first, int last) = ranges._ranges[_next++];
            Current = (Math.Max(first, start), Math.Min(last, end));
            return true;
        }
    }
}
