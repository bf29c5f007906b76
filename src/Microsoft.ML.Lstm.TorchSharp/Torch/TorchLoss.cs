using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>Σ wᵢ·lossᵢ over the rows of a batch's outputs, by the definitions of <see cref="LossSpec"/>; targets that are missing do not count.</summary>
internal sealed class TorchLoss(LossSpec spec, NetworkSpec network)
{
    /// <summary>The sum, a scalar on the device, and the weight, which needs no device.</summary>
    public (Tensor Sum, double Weight) Of(DeviceBatch batch, Tensor outputs)
    {
        SequenceBatch host = batch.Host;
        int rows = (int)outputs.shape[0];
        float[] weights = new float[rows];
        double total = TargetWeights.Fill(weights, spec, network, host, rows);
        Tensor losses = spec.TargetsAreClasses ? CrossEntropy(batch, outputs) : Numeric(batch, outputs, weights);
        // Most often all rows count alike: nothing to upload, nothing to multiply.
        return ((weights.AsSpan().ContainsAnyExcept(1f) ? losses * batch.Upload(weights, rows) : losses).sum(float64), total);
    }

    private Tensor CrossEntropy(DeviceBatch batch, Tensor outputs)
    {
        int[] classes = batch.Host.Classes.ToArray();
        // −1, which has weight 0, is no index.
        for (int row = 0; row < classes.Length; row++)
            classes[row] = Math.Max(0, classes[row]);
        Tensor logs = nn.functional.log_softmax(outputs, 1);
        Tensor loss = -logs.gather(1, batch.Upload(classes, classes.Length, 1)).squeeze(1);
        return spec.LabelSmoothing == 0 ? loss : ((1 - spec.LabelSmoothing) * loss) - (spec.LabelSmoothing * logs.mean([1]));
    }

    private Tensor Numeric(DeviceBatch batch, Tensor outputs, float[] weights)
    {
        SequenceBatch host = batch.Host;
        int size = host.TargetSize, quantiles = spec.Kind == LossKind.Quantile ? spec.Quantiles.Count : 1;
        (float[] values, float[]? counts) = Targets(host, weights);
        Tensor targets = batch.Upload(values, weights.Length, size);
        Tensor elements = Elements(outputs, quantiles == 1 ? targets : targets.repeat_interleave(quantiles, 1));
        if (counts is null)
            return elements.mean([1]);
        Tensor factors = batch.Upload(counts, weights.Length, size);
        return (elements * (quantiles == 1 ? factors : factors.repeat_interleave(quantiles, 1))).sum(1) / quantiles;
    }

    /// <summary>
    /// The targets, 0 where they are missing or of no weight, as not even 0 · NaN is 0; and, if targets may be missing, by what each counts in its row's mean.
    /// </summary>
    private static (float[] Values, float[]? Factors) Targets(SequenceBatch host, float[] weights)
    {
        int size = host.TargetSize;
        float[] values = host.Targets.ToArray();
        float[]? factors = host.SkipsMissingTargets ? new float[values.Length] : null;
        for (int row = 0; row < weights.Length; row++)
        {
            Span<float> targets = values.AsSpan(row * size, size);
            if (weights[row] == 0)
                targets.Clear();
            else if (factors is not null)
                Skip(targets, factors.AsSpan(row * size, size));
        }
        return (values, factors);
    }

    private static void Skip(Span<float> targets, Span<float> factors)
    {
        int present = 0;
        foreach (float target in targets)
            present += float.IsNaN(target) ? 0 : 1;
        for (int j = 0; j < targets.Length; j++)
            (targets[j], factors[j]) = float.IsNaN(targets[j]) ? (0, 0) : (targets[j], 1f / present);
    }

    /// <summary>The loss of each output.</summary>
    private Tensor Elements(Tensor y, Tensor targets)
    {
        switch (spec.Kind)
        {
            case LossKind.MeanAbsoluteError:
                return (y - targets).abs();
            case LossKind.Huber:
                Tensor size = (y - targets).abs(), linear = size.clamp(max: spec.HuberDelta);
                return linear * (size - (0.5f * linear));
            case LossKind.Quantile:
                int targetCount = (int)y.shape[1] / spec.Quantiles.Count;
                Tensor quantile = tensor(Enumerable.Repeat(spec.Quantiles, targetCount).SelectMany(q => q).ToArray(), device: y.device), shortfall = targets - y;
                return maximum(quantile * shortfall, (quantile - 1) * shortfall);
            case LossKind.BinaryCrossEntropy:
                return nn.functional.binary_cross_entropy_with_logits(y, targets, reduction: nn.Reduction.None);
            default:
                return (y - targets).square();
        }
    }
}
