using Microsoft.ML.Lstm.Core.Tests.Reference;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Optimizers;

namespace Microsoft.ML.Lstm.Core.Tests.Conformance;

/// <summary>Training by the reference network's gradients, clipped by the definition, with the optimiser that PyTorch's recordings vouch for.</summary>
internal sealed class ReferenceCurve
{
    private readonly EngineOptions _options;
    private readonly ReferenceNetwork _network;
    private readonly Optimizer _optimizer;

    public ReferenceCurve(NetworkSpec spec, EngineOptions options, float[] weights)
    {
        (_options, Weights) = (options, [.. weights]);
        _network = new ReferenceNetwork(spec, options.Loss);
        _optimizer = new Optimizer(options.Optimizer, weights.Length);
    }

    public float[] Weights { get; }

    /// <summary>The mean loss before the update, and the norm between the two clippings.</summary>
    public (double Loss, double Norm) Step(SequenceBatch batch, float learningRate)
    {
        Array.ConvertAll(Weights, w => (double)w).CopyTo(_network.Weights, 0);
        ReferenceResult result = _network.Run(batch);
        double limit = _options.ClipValue ?? double.PositiveInfinity;
        double[] gradient = Array.ConvertAll(result.Gradients, g => Math.Clamp(g, -limit, limit));
        double norm = Math.Sqrt(gradient.Sum(g => g * g)), scale = Math.Min(1, (_options.ClipNorm ?? double.PositiveInfinity) / norm);
        _optimizer.BeginStep();
        _optimizer.Update(Weights, Array.ConvertAll(gradient, g => (float)(g * scale)), 0, learningRate);
        return (result.Loss.Mean, norm);
    }
}
