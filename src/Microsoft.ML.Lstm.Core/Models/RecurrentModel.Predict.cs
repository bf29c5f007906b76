using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm;

public sealed partial class RecurrentModel
{
    private const long MostBlockValues = 1 << 22;
    // No ConcurrentBag: what it keeps for each thread refers back to the model, and would keep it alive as long as the thread.
    private readonly ScratchStack<RecurrentScorer> _scorers = new();
    private readonly ScratchStack<BlockScorer> _blockScorers = new();

    /// <summary>Predicts from one sequence of numbers. Thread-safe; for many predictions without allocation see <see cref="CreateScorer"/>.</summary>
    /// <param name="features">The sequence, or window: [steps, features].</param>
    /// <returns>
    /// Values in the labels' unit, or the probability of each class (of a binary classifier: of true): [O], or [steps, O] where each step has a
    /// prediction. NaN if the sequence is empty, or holds NaN or an infinity.
    /// </returns>
    /// <exception cref="ArgumentException">The sequence is not of whole steps, or not as long as the model's.</exception>
    /// <example>
    /// <code>
    /// float[] nextYear = RecurrentModel.Load("model.zip").Predict(window);
    /// </code>
    /// </example>
    public float[] Predict(ReadOnlySpan<float> features) => Predict(features, []);

    /// <summary>Predicts from one sequence of tokens; see <see cref="RecurrentScorer.Score(ReadOnlySpan{int})"/> for what they are.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <inheritdoc cref="Predict(ReadOnlySpan{float})" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public float[] Predict(ReadOnlySpan<int> tokens) => Predict([], tokens);

    /// <summary>Predicts from one sequence of numbers with a token beside each step.</summary>
    /// <param name="features">The numbers: [steps, features].</param>
    /// <param name="tokens">The tokens: [steps].</param>
    /// <inheritdoc cref="Predict(ReadOnlySpan{int})" path="/*[not(self::param)]"/>
    public float[] Predict(ReadOnlySpan<float> features, ReadOnlySpan<int> tokens)
    {
        RecurrentScorer scorer = Rent();
        float[] scores = scorer.Score(features, tokens).ToArray();
        _scorers.Push(scorer);
        return scores;
    }

    /// <summary>Predicts from many sequences at once, which is faster than one by one and gives the same bits. Their lengths may differ.</summary>
    /// <param name="features">The sequences, each [steps, features].</param>
    /// <returns>What <see cref="Predict(ReadOnlySpan{float})"/> gives for each.</returns>
    /// <exception cref="ArgumentException">A sequence is not of whole steps, or not as long as the model's.</exception>
    /// <example>
    /// <code>
    /// float[][] forecasts = model.PredictBatch(windows);
    /// </code>
    /// </example>
    public float[][] PredictBatch(IReadOnlyList<float[]> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return PredictBatch(features, null, features.Count);
    }

    /// <summary>Predicts from many sequences of tokens at once.</summary>
    /// <param name="tokens">The sequences.</param>
    /// <inheritdoc cref="PredictBatch(IReadOnlyList{float[]})" path="/*[not(self::param)]"/>
    public float[][] PredictBatch(IReadOnlyList<int[]> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return PredictBatch(null, tokens, tokens.Count);
    }

    /// <summary>Predicts from many sequences of numbers with a token beside each step.</summary>
    /// <param name="features">The numbers, each [steps, features].</param>
    /// <param name="tokens">The tokens, each [steps].</param>
    /// <inheritdoc cref="PredictBatch(IReadOnlyList{float[]})" path="/*[not(self::param)]"/>
    public float[][] PredictBatch(IReadOnlyList<float[]> features, IReadOnlyList<int[]> tokens)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(tokens);
        return features.Count == tokens.Count
            ? PredictBatch(features, tokens, features.Count)
            : throw new ArgumentException(Invariant($"{nameof(tokens)} has {tokens.Count} sequences; expected {features.Count}, as {nameof(features)} has."), nameof(tokens));
    }

    /// <summary>The class that a classifier predicts, by its name; of a binary one <c>"True"</c> or <c>"False"</c>. Null where its outputs are NaN.</summary>
    /// <param name="features">The numbers, [steps, features]; empty if there are only tokens.</param>
    /// <param name="tokens">The tokens, [steps]; empty if there are only numbers.</param>
    /// <exception cref="InvalidOperationException">The model is no classifier.</exception>
    /// <exception cref="ArgumentException">The sequence is not of whole steps, or not as long as the model's.</exception>
    public string? PredictClass(ReadOnlySpan<float> features, ReadOnlySpan<int> tokens = default)
    {
        Require(Task is ModelTask.MulticlassClassification or ModelTask.BinaryClassification, "a classifier");
        RecurrentScorer scorer = Rent();
        scorer.Score(features, tokens);
        string? name = float.IsNaN(scorer.Outputs[0]) ? null : Task == ModelTask.BinaryClassification ? (scorer.Class() == 1).ToString() : OutputNames[scorer.Class()];
        _scorers.Push(scorer);
        return name;
    }

    /// <summary>The tag that a tagger predicts for each step, by its name; null where its outputs are NaN.</summary>
    /// <param name="features">The numbers, [steps, features]; empty if there are only tokens.</param>
    /// <param name="tokens">The tokens, [steps]; empty if there are only numbers.</param>
    /// <exception cref="InvalidOperationException">The model is no tagger.</exception>
    /// <exception cref="ArgumentException">The sequence is not of whole steps, or not as long as the model's.</exception>
    public string?[] PredictTags(ReadOnlySpan<float> features, ReadOnlySpan<int> tokens = default)
    {
        Require(Task == ModelTask.Tagging, "a tagger");
        RecurrentScorer scorer = Rent();
        int steps = scorer.Score(features, tokens).Length / Spec.OutputSize;
        string?[] tags = new string?[steps];
        for (int step = 0; step < steps; step++)
            tags[step] = scorer.Class(step) is >= 0 and var tag ? OutputNames[tag] : null;
        _scorers.Push(scorer);
        return tags;
    }

    /// <summary>Refuses a sequence that is not of whole steps, not as long as the model's, or whose numbers and tokens do not go together.</summary>
    internal void RequireSequence(ReadOnlySpan<float> features, ReadOnlySpan<int> tokens)
    {
        int size = Spec.InputSize, steps = size > 0 ? features.Length / size : tokens.Length;
        if (size == 0 ? features.Length > 0 : features.Length % size != 0)
            throw new ArgumentException(Invariant($"The sequence has {features.Length} numbers; expected {(size == 0 ? "none, since the model reads tokens" : Invariant($"a multiple of {size}, the numbers per step"))}."), nameof(features));
        if (tokens.Length != (Spec.VocabularySize > 0 ? steps : 0))
            throw new ArgumentException(Invariant($"The sequence has {tokens.Length} tokens; expected {(Spec.VocabularySize > 0 ? Invariant($"{steps}, one for each step") : "none, since the model reads numbers")}."), nameof(tokens));
        if (StepCount is { } expected && steps != expected)
            throw new ArgumentException(Invariant($"The sequence has {steps} steps; expected {expected}, as those of column '{FeatureColumnName}' had."), size > 0 ? nameof(features) : nameof(tokens));
    }

    private float[][] PredictBatch(IReadOnlyList<float[]>? features, IReadOnlyList<int[]>? tokens, int count)
    {
        var block = new SequenceBlock(this);
        float[][] scores = new float[count][];
        for (int start = 0; start < count; start += block.Count)
        {
            block.Clear();
            for (int i = start; i < count && block.ValueCount < MostBlockValues; i++)
            {
                RequireSequence(features?[i], tokens?[i]);
                block.Add(features?[i], tokens?[i]);
            }
            Score(block);
            for (int i = 0; i < block.Count; i++)
                block.Scored(i).WriteScores(scores[start + i] = new float[block.Outputs(i).Length]);
        }
        return scores;
    }

    /// <summary>Scores a block on all cores, by scratch that is kept for the next.</summary>
    internal void Score(SequenceBlock block)
    {
        if (!_blockScorers.TryPop(out BlockScorer? scorer))
            scorer = new BlockScorer(this);
        scorer.Score(block);
        _blockScorers.Push(scorer);
    }

    // One that threw is not given back; it costs nothing but its buffers.
    private RecurrentScorer Rent() => _scorers.TryPop(out RecurrentScorer? scorer) ? scorer : CreateScorer();

    private void Require(bool holds, string expected)
    {
        if (!holds)
            throw new InvalidOperationException(Invariant($"{nameof(Task)} is {Task}; expected {expected}."));
    }
}
