using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Scores with a <see cref="RecurrentModel"/> in buffers of its own: at steady state nothing is allocated. For one thread at a time; a second one is
/// refused, never answered wrongly. Cheap: make one per thread.
/// </summary>
public sealed partial class RecurrentScorer
{
    private const long MostBytesKept = 16 << 20;
    private const int MostValuesKept = 1 << 20;
    private readonly ExclusiveUse _use = new("The scorer or prediction engine");
    private readonly NextTokenScorer? _nextToken;
    private readonly WindowLevels? _levels;
    private readonly int _valuesPerTarget;
    private ScoringSession _session;
    private SequenceBatch _batch = new();
    private float[] _outputs = [];
    private float[] _scores = [];
    private int[] _tokens = [];
    private int _length;

    internal RecurrentScorer(RecurrentModel model)
    {
        Model = model;
        _session = model.Network.CreateSession();
        _nextToken = model.Task == ModelTask.LanguageModel ? new NextTokenScorer(model.Network) : null;
        _levels = model.Window is { } window ? new WindowLevels(window) : null;
        _valuesPerTarget = ModelValidation.ValuesPerTarget(model.Loss);
    }

    /// <summary>The model.</summary>
    public RecurrentModel Model { get; }

    /// <summary>
    /// The network's outputs for what was scored last: values in the labels' unit, or logits: [O], or [steps, O]. Valid until the scorer is used again.
    /// </summary>
    public ReadOnlySpan<float> Outputs => _outputs.AsSpan(0, _length);

    private NetworkSpec Spec => _session.Spec;

    /// <summary>Scores a sequence of numbers.</summary>
    /// <param name="features">The sequence: [steps, features].</param>
    /// <returns>
    /// Values in the labels' unit, or the probability of each class or token: [O], or [steps, O] where each step has a prediction. NaN if the sequence
    /// is empty, or holds NaN or an infinity. Valid until the scorer is used again.
    /// </returns>
    /// <exception cref="ArgumentException">The sequence is not of whole steps, or not as long as the model's.</exception>
    /// <exception cref="InvalidOperationException">The scorer is in use on another thread.</exception>
    public ReadOnlySpan<float> Score(ReadOnlySpan<float> features) => Score(features, []);

    /// <summary>Scores a sequence of tokens.</summary>
    /// <param name="tokens">
    /// The sequence. Of a language model, its vocabulary's (<see cref="RecurrentModel.Tokenize"/>); the prediction is of the token after them, or, where
    /// rows have an end, of a row's first if there are none. Of other models, the keys' numbers: 1 is the first key, 0 the missing one.
    /// </param>
    /// <inheritdoc cref="Score(ReadOnlySpan{float})" path="/*[not(self::param)]"/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public ReadOnlySpan<float> Score(ReadOnlySpan<int> tokens) => Score([], tokens);

    /// <summary>Scores a sequence of numbers with a token beside each step.</summary>
    /// <param name="features">The numbers: [steps, features].</param>
    /// <param name="tokens">The tokens: [steps].</param>
    /// <inheritdoc cref="Score(ReadOnlySpan{int})" path="/*[not(self::param)]"/>
    public ReadOnlySpan<float> Score(ReadOnlySpan<float> features, ReadOnlySpan<int> tokens)
    {
        Model.RequireSequence(features, tokens);
        Run(features, tokens);
        return Scores();
    }

    /// <summary>The class, from 0, that was predicted last; −1 if the outputs are NaN. Of a binary classifier 1 is true.</summary>
    /// <param name="step">The step, where each has a prediction.</param>
    public int Class(int step = 0) => Model.Head.Class(_outputs.AsSpan(0, _length).Slice(step * Spec.OutputSize, Spec.OutputSize));

    /// <summary>Runs the network on a sequence whose shape is known to be right; returns <see cref="Outputs"/>.</summary>
    internal ReadOnlySpan<float> Run(ReadOnlySpan<float> features, ReadOnlySpan<int> tokens)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        if (_nextToken is not null)
            RunTokens(tokens);
        else
            RunSequence(features, tokens);
        return Outputs;
    }

    /// <summary>What the outputs mean: [O], or [steps, O].</summary>
    internal ReadOnlySpan<float> Scores()
    {
        Grow(ref _scores, _length);
        WriteScores(_scores.AsSpan(0, _length));
        return _scores.AsSpan(0, _length);
    }

    /// <summary>Writes what the outputs mean to where the caller wants it, as many as there are outputs.</summary>
    internal void WriteScores(Span<float> destination) => Model.Head.Convert(Outputs, destination);

    /// <summary>Whether there is a step, and all numbers are finite.</summary>
    internal static bool CanScore(int steps, ReadOnlySpan<float> features)
    {
        foreach (float value in features)
            if (!float.IsFinite(value))
                return false;
        return steps > 0;
    }

    private void RunSequence(ReadOnlySpan<float> features, ReadOnlySpan<int> tokens)
    {
        int steps = Spec.InputSize > 0 ? features.Length / Spec.InputSize : tokens.Length;
        PassMemory.Require(Spec, steps, forTraining: false, "The sequence to score");
        Span<float> outputs = Reserve(checked(Spec.OutputSize * (Spec.Output == OutputPosition.EveryStep ? steps : 1)));
        if (!CanScore(steps, features))
        {
            outputs.Fill(float.NaN);
            return;
        }
        _batch.Reset([steps], Spec.InputSize, tokens.Length > 0);
        Normalize(features, _batch.Features);
        tokens.CopyTo(_batch.Tokens);
        Model.FeatureScaling?.Apply(_batch.Features, _batch.Features);
        _session.Score(_batch, outputs);
        Undo(outputs);
        LetGoOfMuch(steps);
    }

    // What one very long sequence took is not kept for all the short ones that follow.
    private void LetGoOfMuch(long rows)
    {
        if (PassMemory.Bytes(Spec, rows, forTraining: false) > MostBytesKept)
            (_session, _batch) = (Model.Network.CreateSession(), new SequenceBatch());
    }

    // A row begins after the end of the one before.
    private void RunTokens(ReadOnlySpan<int> tokens)
    {
        Vocabulary vocabulary = Model.Head.Vocabulary!;
        int first = vocabulary.EndOfRow is null ? 0 : 1, count = first + tokens.Length;
        Span<float> outputs = Reserve(Spec.OutputSize);
        if (count == 0)
        {
            outputs.Fill(float.NaN);
            return;
        }
        if (_tokens.Length > MostValuesKept)
            _tokens = [];
        if (_tokens.Length < count)
            _tokens = new int[Math.Max(count, 2 * _tokens.Length)];
        _tokens[0] = vocabulary.EndOfRow ?? 0;
        tokens.CopyTo(_tokens.AsSpan(first));
        _nextToken!.Reset();
        _nextToken.ReadAll(_tokens.AsSpan(0, count)).CopyTo(outputs);
    }

    private void Normalize(ReadOnlySpan<float> features, Span<float> destination)
    {
        _levels?.Measure(features);
        if (_levels is { Transform.ChangesWindows: true })
            _levels.Apply(features, destination);
        else
            features.CopyTo(destination);
    }

    private void Undo(Span<float> outputs)
    {
        Model.TargetScaling?.Undo(outputs, outputs, _valuesPerTarget);
        _levels?.Undo(outputs, _valuesPerTarget);
    }

    private Span<float> Reserve(int length)
    {
        Grow(ref _outputs, length);
        _length = length;
        return _outputs.AsSpan(0, length);
    }

    private static void Grow(ref float[] buffer, int length)
    {
        if (buffer.Length > MostValuesKept && length <= MostValuesKept)
            buffer = [];
        if (buffer.Length < length)
            buffer = new float[length];
    }
}
