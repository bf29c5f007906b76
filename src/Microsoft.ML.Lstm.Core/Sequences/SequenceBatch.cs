namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// A minibatch of sequences, packed and time-major: sequences are sorted by decreasing length, and the rows of step t are the first
/// <c>Rows(t)</c> sequences, so that no step is padded and no position needs a mask (PyTorch's PackedSequence).
/// <para>Shapes: B sequences, T steps of the longest, N = Σ lengths rows; row <c>Offsets[t] + p</c> is step t of the sequence at sorted
/// position p. Buffers grow and never shrink, so a batch that is filled again allocates nothing.</para>
/// </summary>
public sealed class SequenceBatch
{
    private int[] _offsets = [0];
    private int[] _lengths = [];
    private int[] _order = [];
    private float[] _features = [];
    private int[] _tokens = [];
    private float[] _targets = [];
    private int[] _classes = [];
    private float[] _weights = [];

    /// <summary>Numbers per step.</summary>
    public int FeatureSize { get; private set; }

    /// <summary>Numbers per target; 0 for classes or none.</summary>
    public int TargetSize { get; private set; }

    /// <summary>Rows that have a target: B, or N when every step has one.</summary>
    public int TargetRows { get; private set; }

    /// <summary>B, the number of sequences.</summary>
    public int SequenceCount { get; private set; }

    /// <summary>T, the length of the longest sequence.</summary>
    public int StepCount { get; private set; }

    /// <summary>N, the number of steps of all sequences.</summary>
    public int RowCount => _offsets[StepCount];

    /// <summary>First row of each step, and N at the end: [T + 1].</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, StepCount + 1);

    /// <summary>Length of the sequence at each sorted position: [B], decreasing.</summary>
    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, SequenceCount);

    /// <summary>Which of the sequences as given stands at each sorted position: [B].</summary>
    public ReadOnlySpan<int> Order => _order.AsSpan(0, SequenceCount);

    /// <summary>Whether all sequences have the same length.</summary>
    public bool IsUniform => SequenceCount > 0 && _lengths[SequenceCount - 1] == StepCount;

    /// <summary>Numeric inputs: [N, F].</summary>
    public Span<float> Features => _features.AsSpan(0, RowCount * FeatureSize);

    /// <summary>Token of each row: [N]; empty when the batch has none.</summary>
    public Span<int> Tokens => HasTokens ? _tokens.AsSpan(0, RowCount) : [];

    /// <summary>Numeric targets: [target rows, target size], sequences at their sorted positions, or packed rows.</summary>
    public Span<float> Targets => _targets.AsSpan(0, TargetRows * TargetSize);

    /// <summary>Class of each target row: [target rows]; −1 does not count.</summary>
    public Span<int> Classes => _classes.AsSpan(0, TargetRows);

    /// <summary>Weight of each sequence at its sorted position: [B]; 1 unless set.</summary>
    public Span<float> Weights => _weights.AsSpan(0, SequenceCount);

    /// <summary>Whether rows carry tokens.</summary>
    public bool HasTokens { get; private set; }

    /// <summary>Lays the batch out for sequences of these lengths (each ≥ 1); what was in it is lost.</summary>
    /// <param name="lengths">Steps of each sequence, in the caller's order.</param>
    /// <param name="featureSize">Numbers per step.</param>
    /// <param name="hasTokens">Whether rows carry a token.</param>
    /// <param name="targetSize">Numbers per target row; 0 for classes or none.</param>
    /// <param name="targetEveryStep">Whether each step has a target, or each sequence.</param>
    /// <exception cref="ArgumentException">A length is below 1, or there is no sequence.</exception>
    public void Reset(ReadOnlySpan<int> lengths, int featureSize, bool hasTokens = false, int targetSize = 0, bool targetEveryStep = false)
    {
        if (lengths.IsEmpty)
            throw new ArgumentException("A batch has 0 sequences; expected at least 1.", nameof(lengths));
        SequenceCount = lengths.Length;
        Sort(lengths);
        StepCount = _lengths[0];
        LayOutSteps();
        (FeatureSize, HasTokens, TargetSize) = (featureSize, hasTokens, targetSize);
        TargetRows = targetEveryStep ? RowCount : SequenceCount;
        Grow(ref _features, RowCount * featureSize);
        Grow(ref _tokens, hasTokens ? RowCount : 0);
        Grow(ref _targets, TargetRows * targetSize);
        Grow(ref _classes, TargetRows);
        Grow(ref _weights, SequenceCount);
        Weights.Fill(1);
    }

    /// <summary>The row of step <paramref name="step"/> of the sequence at sorted position <paramref name="position"/>.</summary>
    public int Row(int position, int step) => _offsets[step] + position;

    /// <summary>
    /// The row of the state after a step, in a matrix [B + N] whose first B rows are the state before the first step (<paramref name="step"/> −1).
    /// </summary>
    internal nint RowOfState(int position, int step) => (step < 0 ? 0 : SequenceCount + _offsets[step]) + position;

    /// <summary>Number of sequences that have a step <paramref name="step"/>.</summary>
    public int Rows(int step) => _offsets[step + 1] - _offsets[step];

    private void Sort(ReadOnlySpan<int> lengths)
    {
        Grow(ref _lengths, lengths.Length);
        Grow(ref _order, lengths.Length);
        bool sorted = true;
        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] < 1)
                throw new ArgumentException(Invariant($"Sequence {i} of the batch has {Plural.Of(lengths[i], "step")}; expected at least 1."), nameof(lengths));
            _lengths[i] = lengths[i];
            _order[i] = i;
            sorted &= i == 0 || lengths[i] <= lengths[i - 1];
        }
        if (sorted)
            return;
        // Ties keep the caller's order, so that the layout depends on nothing but the lengths.
        for (int i = 0; i < lengths.Length; i++)
            _lengths[i] = -lengths[i];
        Span<long> keys = new long[lengths.Length];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = ((long)_lengths[i] << 32) | (uint)i;
        keys.Sort();
        for (int i = 0; i < keys.Length; i++)
        {
            _order[i] = (int)(uint)keys[i];
            _lengths[i] = lengths[_order[i]];
        }
    }

    private void LayOutSteps()
    {
        Grow(ref _offsets, StepCount + 1);
        _offsets[0] = 0;
        int active = SequenceCount;
        for (int t = 0; t < StepCount; t++)
        {
            while (_lengths[active - 1] <= t)
                active--;
            _offsets[t + 1] = checked(_offsets[t] + active);
        }
    }

    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[length];
    }
}
