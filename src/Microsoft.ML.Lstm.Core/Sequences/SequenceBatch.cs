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
    private long[] _keys = [];
    private int[] _series = [];
    private int[] _padding = [];
    private bool _hasPadding;
    private float[] _statics = [];
    private float[] _futures = [];

    /// <summary>Values per step.</summary>
    public int FeatureSize { get; private set; }

    /// <summary>Values per target; 0 for classes or none.</summary>
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

    /// <summary>Whether each sequence says which series it is cut from.</summary>
    public bool HasSeries { get; private set; }

    /// <summary>Static covariates per sequence; 0 when there are none.</summary>
    public int StaticSize { get; private set; }

    /// <summary>Values of future covariates per sequence: steps of the horizon times covariates; 0 when there are none.</summary>
    public int FutureSize { get; private set; }

    /// <summary>
    /// Whether a numeric target that is NaN is missing, and does not count, rather than an error: gaps in a forecast's future are not learned.
    /// False after <see cref="Reset"/>.
    /// </summary>
    public bool SkipsMissingTargets { get; set; }

    /// <summary>Series of each sequence at its sorted position: [B], from 1 on, 0 being a series that the network has not seen; empty when there are none.</summary>
    public Span<int> Series => _series.AsSpan(0, HasSeries ? SequenceCount : 0);

    /// <summary>
    /// Rows that are missing at the beginning of each sequence's first segment, and stand there as zeros that no normalisation should count or change:
    /// [B] at sorted positions, 0 unless set; empty before <see cref="SetCovariates"/>.
    /// </summary>
    public Span<int> Padding => _padding.AsSpan(0, _hasPadding ? SequenceCount : 0);

    /// <summary>Static covariates of each sequence at its sorted position: [B, S].</summary>
    public Span<float> Statics => _statics.AsSpan(0, SequenceCount * StaticSize);

    /// <summary>Future covariates of each sequence at its sorted position: [B, horizon, covariates].</summary>
    public Span<float> Futures => _futures.AsSpan(0, SequenceCount * FutureSize);

    /// <summary>
    /// Lays the batch out for sequences of these lengths (each ≥ 1); what was in it is lost. Either all of it happens or, when this throws, nothing:
    /// the batch then is as it was.
    /// </summary>
    /// <param name="lengths">Steps of each sequence, in the caller's order.</param>
    /// <param name="featureSize">Values per step.</param>
    /// <param name="hasTokens">Whether rows carry a token.</param>
    /// <param name="targetSize">Values per target row; 0 for classes or none.</param>
    /// <param name="targetEveryStep">Whether each step has a target, or each sequence.</param>
    /// <exception cref="ArgumentException">A length is below 1, there is no sequence, or an array would have more elements than .NET allows.</exception>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public void Reset(ReadOnlySpan<int> lengths, int featureSize, bool hasTokens = false, int targetSize = 0, bool targetEveryStep = false)
    {
        (int steps, int rows) = Measure(lengths);
        int targetRows = targetEveryStep ? rows : lengths.Length;
        // All that can fail comes before the first change: a batch that is half of one shape and half of another would be read out of bounds.
        int[] offsets = Grown(_offsets, steps, 1, "steps", 1), sorted = Grown(_lengths, lengths.Length), order = Grown(_order, lengths.Length);
        long[] keys = Grown(_keys, lengths.Length);
        float[] features = Grown(_features, rows, featureSize, "features"), targets = Grown(_targets, targetRows, targetSize, "targets");
        int[] tokens = Grown(_tokens, hasTokens ? rows : 0), classes = Grown(_classes, targetRows);
        float[] weights = Grown(_weights, lengths.Length);

        (_offsets, _lengths, _order, _keys) = (offsets, sorted, order, keys);
        (_features, _targets, _tokens, _classes, _weights) = (features, targets, tokens, classes, weights);
        (SequenceCount, StepCount) = (lengths.Length, steps);
        (FeatureSize, HasTokens, TargetSize, TargetRows) = (featureSize, hasTokens, targetSize, targetRows);
        (HasSeries, StaticSize, FutureSize, SkipsMissingTargets, _hasPadding) = (false, 0, 0, false, false);
        Sort(lengths);
        LayOutSteps();
        Weights.Fill(1);
    }

    /// <summary>
    /// Makes room for what a forecasting network reads once per sequence, all zero; call after <see cref="Reset"/>, which takes it away. All of it
    /// happens or, when this throws, nothing.
    /// </summary>
    /// <param name="hasSeries">Whether each sequence has a series, in <see cref="Series"/>.</param>
    /// <param name="staticSize">Static covariates per sequence, in <see cref="Statics"/>.</param>
    /// <param name="futureSize">Values of future covariates per sequence, all steps of the horizon together, in <see cref="Futures"/>.</param>
    /// <exception cref="ArgumentException">A size is negative, or an array would have more elements than .NET allows.</exception>
    public void SetCovariates(bool hasSeries, int staticSize, int futureSize)
    {
        int[] series = Grown(_series, hasSeries ? SequenceCount : 0), padding = Grown(_padding, SequenceCount);
        float[] statics = Grown(_statics, SequenceCount, staticSize, "static covariates");
        float[] futures = Grown(_futures, SequenceCount, futureSize, "future covariates");

        (_series, _padding, _statics, _futures) = (series, padding, statics, futures);
        (HasSeries, StaticSize, FutureSize, _hasPadding) = (hasSeries, staticSize, futureSize, true);
        Series.Clear();
        Padding.Clear();
        Statics.Clear();
        Futures.Clear();
    }

    /// <summary>The row of step <paramref name="step"/> of the sequence at sorted position <paramref name="position"/>.</summary>
    public int Row(int position, int step) => _offsets[step] + position;

    /// <summary>
    /// The row of the state after a step, in a matrix [B + N] whose first B rows are the state before the first step (<paramref name="step"/> −1).
    /// </summary>
    internal nint RowOfState(int position, int step) => (step < 0 ? 0 : SequenceCount + _offsets[step]) + position;

    /// <summary>Number of sequences that have a step <paramref name="step"/>.</summary>
    public int Rows(int step) => _offsets[step + 1] - _offsets[step];

    /// <summary>T and N of sequences of these lengths.</summary>
    private static (int Steps, int Rows) Measure(ReadOnlySpan<int> lengths)
    {
        if (lengths.IsEmpty)
            throw new ArgumentException("A batch has 0 sequences; expected at least 1.", nameof(lengths));
        int longest = 0;
        long rows = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] < 1)
                throw new ArgumentException(Invariant($"Sequence {i} of the batch has {Plural.Of(lengths[i], "step")}; expected at least 1."), nameof(lengths));
            longest = Math.Max(longest, lengths[i]);
            rows += lengths[i];
        }
        if (rows > Array.MaxLength)
            throw new ArgumentException(Invariant($"A batch's sequences have {rows} steps together; expected at most {Array.MaxLength}."), nameof(lengths));
        return (longest, (int)rows);
    }

    private void Sort(ReadOnlySpan<int> lengths)
    {
        bool sorted = true;
        for (int i = 0; i < lengths.Length; i++)
        {
            _lengths[i] = lengths[i];
            _order[i] = i;
            // Ties keep the caller's order, so that the layout depends on nothing but the lengths.
            _keys[i] = ((long)-lengths[i] << 32) | (uint)i;
            sorted &= i == 0 || lengths[i] <= lengths[i - 1];
        }
        if (sorted)
            return;
        Span<long> keys = _keys.AsSpan(0, lengths.Length);
        keys.Sort();
        for (int i = 0; i < keys.Length; i++)
        {
            _order[i] = (int)(uint)keys[i];
            _lengths[i] = lengths[_order[i]];
        }
    }

    private void LayOutSteps()
    {
        _offsets[0] = 0;
        int active = SequenceCount;
        for (int t = 0; t < StepCount; t++)
        {
            while (_lengths[active - 1] <= t)
                active--;
            _offsets[t + 1] = _offsets[t] + active;
        }
    }

    /// <summary>The buffer, or a larger one that holds <paramref name="rows"/> · <paramref name="width"/> + <paramref name="more"/> elements.</summary>
    private static T[] Grown<T>(T[] buffer, int rows, int width = 1, string what = "values", int more = 0)
    {
        long length = ((long)rows * width) + more;
        if (width < 0 || length > Array.MaxLength)
            throw new ArgumentException(Invariant(
                $"A batch's {what} are {rows} rows of {width} values; expected 0 or more values in a row and at most {Array.MaxLength} in all."));
        return buffer.Length < length ? new T[length] : buffer;
    }
}
