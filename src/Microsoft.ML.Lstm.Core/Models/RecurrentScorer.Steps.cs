using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm;

public sealed partial class RecurrentScorer
{
    private ScoringSession? _steps;

    /// <summary>
    /// What the steps read since the last <see cref="Reset"/> have left in the network. Taking it copies; setting it reads on from there, as often as
    /// wanted: a forecast can be tried out, or a session kept and restored.
    /// </summary>
    /// <exception cref="ArgumentException">The state is of another architecture.</exception>
    /// <example>
    /// <code>
    /// RecurrentScorer scorer = model.CreateScorer();
    /// scorer.Step(row);
    /// RecurrentState known = scorer.State;
    /// float[] ifItWereZero = scorer.Step(new float[row.Length]).ToArray();
    /// scorer.State = known;
    /// </code>
    /// </example>
    public RecurrentState State
    {
        get => new(Architecture, Steps.ExportState());
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Network != Architecture)
                throw new ArgumentException(Invariant($"{nameof(State)} is of a network {value.Network}; expected {Architecture}."), nameof(value));
            Steps.ImportState(value.Values);
        }
    }

    // A session of its own, whose state scoring whole sequences leaves alone.
    private ScoringSession Steps => _steps ??= Model.Network.CreateSession();

    private string Architecture => Invariant($"{Spec.Cell}({string.Join(", ", Spec.HiddenSizes)})");

    /// <summary>Begins a new sequence of steps.</summary>
    public void Reset() => _steps?.Reset();

    /// <summary>Reads one step more of a sequence and predicts from all of it up to here, to the bits that <see cref="Score(ReadOnlySpan{float})"/> gives.</summary>
    /// <param name="row">The step's numbers: [features].</param>
    /// <returns>Values or probabilities: [O]. NaN, and the step is not read, if a number is NaN or infinite. Valid until the scorer is used again.</returns>
    /// <exception cref="ArgumentException">There are not as many numbers as the model's steps have.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model reads sequences backwards too, or normalises each window as a whole, so that a later step would change what was read; or the scorer is
    /// in use on another thread.
    /// </exception>
    public ReadOnlySpan<float> Step(ReadOnlySpan<float> row) => Step(row, 0);

    /// <summary>Reads one token more; see <see cref="Step(ReadOnlySpan{float})"/>.</summary>
    /// <param name="token">The token.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public ReadOnlySpan<float> Step(int token) => Step([], token);

    /// <summary>Reads one step more of numbers with a token beside them; see <see cref="Step(ReadOnlySpan{float})"/>.</summary>
    /// <param name="row">The step's numbers: [features].</param>
    /// <param name="token">The step's token; not looked at if the model has none.</param>
    public ReadOnlySpan<float> Step(ReadOnlySpan<float> row, int token)
    {
        if (row.Length != Spec.InputSize)
            throw new ArgumentException(Invariant($"The step has {row.Length} numbers; expected {Spec.InputSize}, as the model's have."), nameof(row));
        if (_levels is { Transform.ChangesWindows: true })
            throw new InvalidOperationException(Invariant($"{nameof(RecurrentModel.Normalization)} is {Model.Normalization}; expected {WindowNormalization.None} to score step by step, since each window is normalised as a whole: score windows."));
        using ExclusiveUse.Lease use = _use.Begin();
        Span<float> outputs = Reserve(Spec.OutputSize);
        if (!CanScore(1, row))
        {
            outputs.Fill(float.NaN);
            return Scores();
        }
        Grow(ref _scores, Math.Max(row.Length, outputs.Length));
        Span<float> scaled = _scores.AsSpan(0, row.Length);
        Normalize(row, scaled);
        Model.FeatureScaling?.Apply(scaled, scaled);
        Steps.Step(scaled, token, outputs);
        Undo(outputs);
        return Scores();
    }
}
