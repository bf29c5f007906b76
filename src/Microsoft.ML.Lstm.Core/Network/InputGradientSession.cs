using Microsoft.ML.Lstm.Network.Forecasting;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// The slopes of a forecasting network's outputs along what it reads, on the calling thread: one pass forward without dropout, one back. Holds weights of its own, packed both ways. Not thread-safe.
/// </summary>
internal sealed unsafe class InputGradientSession
{
    private readonly ForecastNetwork _network;
    private readonly float[] _weightGradients;

    /// <param name="scorer">The network, with a forecast.</param>
    public InputGradientSession(NetworkScorer scorer)
    {
        var team = new WorkerTeam(1);
        var weights = new NetworkWeights(scorer.Spec, scorer.Layout, forTraining: true);
        scorer.ExportWeights().CopyTo(weights.Span);
        weights.Pack(team);
        _network = new ForecastNetwork(weights, weights.Forecast!, team) { NeedsInputGradients = true };
        _weightGradients = new float[scorer.Layout.BlockLength];
    }

    /// <summary>Runs the network, and back from a weighted sum of its outputs.</summary>
    /// <param name="batch">What it reads.</param>
    /// <param name="weights">The weight of each output, the same for all sequences: [O].</param>
    /// <param name="outputs">The outputs: [B, O].</param>
    /// <param name="features">Gradients of the features: [N, F].</param>
    /// <param name="statics">Gradients of the static covariates: [B, statics].</param>
    /// <param name="futures">Gradients of the covariates of the horizon: [B, futures].</param>
    public void Run(SequenceBatch batch, ReadOnlySpan<float> weights, Span<float> outputs, Span<float> features, Span<float> statics, Span<float> futures)
    {
        _network.Forward(batch, PassKind.Train, state: null, DropoutPlan.None);
        _network.CopyOutputs(outputs);
        for (int p = 0; p < batch.SequenceCount; p++)
            weights.CopyTo(new Span<float>(_network.Output + (p * _network.OutputRow), weights.Length));
        Array.Clear(_weightGradients);
        fixed (float* gradients = _weightGradients)
            _network.Backward(gradients, freezeEmbedding: true);
        _network.CopyInputGradients(features, statics, futures);
    }
}
