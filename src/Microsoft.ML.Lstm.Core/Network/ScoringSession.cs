using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// Scores on the calling thread, in buffers that are reused: at steady state nothing is allocated. A row's outputs have the same bits alone
/// or in a batch, and step by step or all at once. Not thread-safe: a call while another is under way is refused. Sessions are cheap.
/// </summary>
public sealed class ScoringSession
{
    private readonly INetwork _network;
    private readonly NetworkState _state;
    private readonly SequenceBatch _step = new();
    private readonly ExclusiveUse _use = new(nameof(ScoringSession));

    /// <summary>Makes a session.</summary>
    /// <param name="weights">The network's weights.</param>
    /// <param name="team">Who scores with the calling thread; it stays the caller's. Null: nobody.</param>
    internal ScoringSession(NetworkWeights weights, WorkerTeam? team = null)
    {
        // A team of one starts no thread, so there is nothing to dispose of.
        _network = INetwork.Create(weights, team ?? new WorkerTeam(1));
        _state = new NetworkState(weights.Spec);
    }

    /// <summary>The architecture.</summary>
    public NetworkSpec Spec => _network.Spec;

    /// <summary>Scores whole sequences, each from the initial state.</summary>
    /// <param name="batch">The inputs.</param>
    /// <param name="outputs">Raw outputs (logits for the cross-entropies): [B, O] at the batch's sorted positions, or [N, O] in packed order.</param>
    /// <exception cref="ArgumentException">The batch does not fit the network, or <paramref name="outputs"/> is too short.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in the middle of a call.</exception>
    public void Score(SequenceBatch batch, Span<float> outputs)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        _network.Forward(batch, PassKind.Score, state: null, DropoutPlan.None);
        _network.CopyOutputs(outputs);
    }

    /// <summary>Takes one step on from the session's carried state.</summary>
    /// <param name="features">The step's values: [F].</param>
    /// <param name="token">The step's token; read only if the network has an embedding.</param>
    /// <param name="outputs">Raw outputs of this step: [O].</param>
    /// <exception cref="InvalidOperationException">The network also reads backwards, or another thread is in the middle of a call.</exception>
    public void Step(ReadOnlySpan<float> features, int token, Span<float> outputs)
    {
        RequireForward();
        using ExclusiveUse.Lease use = _use.Begin();
        _step.Reset([1], features.Length, Spec.VocabularySize > 0, 0);
        features.CopyTo(_step.Features);
        if (_step.HasTokens)
            _step.Tokens[0] = token;
        ScoreCarried(_step, outputs);
    }

    /// <summary>Scores the next chunk of one or several streams, on from the session's carried state.</summary>
    /// <param name="batch">The chunk: as many streams, in the same order, as in those before since the last <see cref="Reset"/>.</param>
    /// <param name="outputs">Raw outputs: [B, O] at the batch's sorted positions, or [N, O] in packed order.</param>
    /// <exception cref="InvalidOperationException">The network also reads backwards, or another thread is in the middle of a call.</exception>
    public void Continue(SequenceBatch batch, Span<float> outputs)
    {
        RequireForward();
        using ExclusiveUse.Lease use = _use.Begin();
        ScoreCarried(batch, outputs);
    }

    /// <summary>Forgets the carried state.</summary>
    /// <exception cref="InvalidOperationException">Another thread is in the middle of a call.</exception>
    public void Reset()
    {
        using ExclusiveUse.Lease use = _use.Begin();
        _state.Reset();
    }

    private void ScoreCarried(SequenceBatch batch, Span<float> outputs)
    {
        _network.Forward(batch, PassKind.Score, _state, DropoutPlan.None);
        _network.CopyOutputs(outputs);
    }

    /// <summary>The carried state: [streams], then h and, for the LSTM, c of each layer.</summary>
    internal float[] ExportState() => _state.Export();

    /// <summary>Restores what <see cref="ExportState"/> gave.</summary>
    internal void ImportState(ReadOnlySpan<float> state) => _state.Import(state);

    private void RequireForward()
    {
        if (Spec.Bidirectional)
            throw new InvalidOperationException($"{nameof(NetworkSpec.Bidirectional)} is true; expected false to score step by step, since a later step would change this one's output.");
    }
}
