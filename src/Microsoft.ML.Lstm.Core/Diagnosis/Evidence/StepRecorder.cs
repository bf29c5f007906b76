using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>Sums up the updates of a training as they come, in a few values.</summary>
internal sealed class StepRecorder
{
    // A hundred times the running geometric mean is no noise between batches, whose norms differ by single factors.
    public const double SpikeFactor = 100;

    // The mean must have settled, and must follow a norm that falls as the network learns.
    private const int WarmUpSteps = 20;
    private const double Smoothing = 0.05;
    private StepEvidence _sum;
    private double _logNorm, _warmUpNorm;

    public StepEvidence Evidence => _sum;

    public void Add(in BatchReport report)
    {
        double norm = report.GradientNorm, ratio = _sum.Count >= WarmUpSteps ? norm / Math.Exp(_logNorm) : 0;
        if (_sum.Count < WarmUpSteps)
            _warmUpNorm = Math.Max(_warmUpNorm, norm);
        // A network that has learned has tiny gradients, of which a hundred times more is still nothing.
        bool isSpike = ratio > SpikeFactor && norm > _warmUpNorm;
        _sum = new StepEvidence(
            _sum.Count + 1,
            _sum.Count == 0 ? report.Loss : _sum.FirstLoss,
            report.Loss,
            norm,
            Math.Max(_sum.LargestNorm, norm),
            _sum.SpikeCount + (isSpike ? 1 : 0),
            Math.Max(_sum.LargestSpike, isSpike ? ratio : 0));
        double log = Math.Log(Math.Max(norm, double.Epsilon));
        _logNorm = _sum.Count == 1 ? log : _logNorm + (Math.Max(Smoothing, 1.0 / _sum.Count) * (log - _logNorm));
    }
}

/// <summary>What the updates showed.</summary>
/// <param name="Count">Updates seen.</param>
/// <param name="FirstLoss">Loss of the first batch.</param>
/// <param name="LastLoss">Loss of the last batch.</param>
/// <param name="LastNorm">Its gradient's norm before clipping.</param>
/// <param name="LargestNorm">The largest such norm.</param>
/// <param name="SpikeCount">Updates whose norm was far above the usual one before them.</param>
/// <param name="LargestSpike">By what factor it was at most.</param>
internal readonly record struct StepEvidence(
    long Count, double FirstLoss, double LastLoss, double LastNorm, double LargestNorm, long SpikeCount, double LargestSpike);
