using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// The second half of a step, on the device: clip, add noise, move the weights. What it found is kept there until it is read, so that no step waits
/// for the one before. After a loss or gradient that is not finite nothing moves until the results are read.
/// </summary>
internal sealed class GradientUpdate : IDisposable
{
    private const double NoiseDecay = 0.55;
    private const int NoisePurpose = 1;
    private readonly EngineOptions _options;
    private readonly WeightBlock[] _blocks;
    private readonly DeviceOptimizer _optimizer;
    private readonly DropoutDraws _draws;
    private readonly List<(Tensor Found, double Weight)> _unread = [];
    private readonly Tensor _kappa;

    public GradientUpdate(EngineOptions options, ParameterLayout parameters, DeviceWeights weights, DropoutDraws draws, Device device)
    {
        (_options, _draws) = (options, draws);
        _blocks = [.. weights.Blocks.Where(block => !block.IsFrozen)];
        _optimizer = new DeviceOptimizer(options.Optimizer, parameters, weights.Blocks);
        _kappa = ones([], dtype: float32, device: device).DetachFromDisposeScope();
    }

    /// <summary>Updates made, as of the last reading.</summary>
    public long UpdateCount { get; private set; }

    /// <summary>Results that are not read.</summary>
    public int UnreadCount => _unread.Count;

    /// <summary>Updates begun, if all that are unread were made.</summary>
    public long BegunCount => UpdateCount + _unread.Count;

    /// <summary>Moves the weights against the gradients of the mean loss.</summary>
    /// <param name="lossSum">Σ wᵢ·lossᵢ, a scalar of float64 on the device.</param>
    /// <param name="weight">Σ wᵢ.</param>
    /// <param name="learningRate">η.</param>
    public void Apply(Tensor lossSum, double weight, float learningRate)
    {
        Tensor norm = Clip();
        Tensor isFinite = norm.isfinite().logical_and(lossSum.isfinite());
        _kappa.mul_(isFinite.to(float32));
        ScaleGradients(norm);
        if (_options.GradientNoise is { } variance)
            AddNoise(variance);
        _optimizer.Update(learningRate, BegunCount + 1, _kappa);
        _unread.Add((stack([lossSum, norm.to(float64)]).DetachFromDisposeScope(), weight));
    }

    /// <summary>What the steps found, in their order; waits for them.</summary>
    public int Read(Span<StepResult> results)
    {
        int count = _unread.Count;
        if (count == 0)
            return 0;
        double[] found = [.. stack(_unread.Select(one => one.Found)).cpu().data<double>()];
        bool isMade = true;
        for (int i = 0; i < count; i++)
        {
            results[i] = new StepResult(new LossSum(found[2 * i], _unread[i].Weight), found[(2 * i) + 1]);
            isMade &= results[i].IsFinite;
            UpdateCount += isMade ? 1 : 0;
            _unread[i].Found.Dispose();
        }
        _unread.Clear();
        _kappa.fill_(1);
        return count;
    }

    public IReadOnlyDictionary<string, float[]> ExportState() => _optimizer.ExportState();

    public void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(updateCount);
        _optimizer.ImportState(state);
        UpdateCount = updateCount;
    }

    public void Dispose()
    {
        foreach ((Tensor found, _) in _unread)
            found.Dispose();
        _optimizer.Dispose();
        _kappa.Dispose();
    }

    /// <summary>Clips by value; returns the norm.</summary>
    private Tensor Clip()
    {
        if (_options.ClipValue is { } limit)
            foreach (WeightBlock block in _blocks)
                block.Gradient.clamp_(-limit, limit);
        return stack(_blocks.Select(block => block.Gradient.norm())).norm();
    }

    // Of a step that is not finite all becomes 0: times κ what is not finite would stay so. In place, as each pass is one over all gradients.
    private void ScaleGradients(Tensor norm)
    {
        // PyTorch's clip_grad_norm_: the 1e-6 keeps the quotient finite.
        Tensor scale = _options.ClipNorm is { } limit ? (limit / (norm + 1e-6)).clamp_(max: 1).mul_(_kappa) : _kappa;
        foreach (WeightBlock block in _blocks)
            block.Gradient.mul_(scale).nan_to_num_(0, 0, 0);
    }

    private void AddNoise(float variance)
    {
        _draws.Begin(_options.Seed, BegunCount, shard: 0, NoisePurpose);
        double standardDeviation = Math.Sqrt(variance / Math.Pow(1 + BegunCount, NoiseDecay));
        foreach (WeightBlock block in _blocks)
            block.Gradient.addcmul_(empty_like(block.Gradient).normal_(0, standardDeviation, _draws.Generator), _kappa, 1);
    }
}
