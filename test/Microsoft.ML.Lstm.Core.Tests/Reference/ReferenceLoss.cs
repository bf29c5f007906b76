using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>
/// Σ wᵢ·lossᵢ / Σ wᵢ over output rows, and its gradient. wᵢ is the weight of the row's sequence times its class's; a row of class −1 counts
/// for nothing. lossᵢ of the numeric losses is the mean over the row's outputs; where targets may be missing, over those whose target is there, and wᵢ
/// has the fraction of these as a factor.
/// </summary>
internal static class ReferenceLoss
{
    /// <summary>The sum over the batch, and the gradient of the mean: [output rows, O].</summary>
    public static (LossSum Loss, double[] Gradient) Evaluate(LossSpec loss, NetworkSpec spec, SequenceBatch batch, double[] outputs)
    {
        int size = spec.OutputSize;
        var sum = new LossSum();
        var gradient = new double[outputs.Length];
        for (int row = 0; row < batch.TargetRows; row++)
        {
            double weight = batch.Weights[PositionOf(row, batch, spec.Output)] * ClassWeight(loss, batch, row);
            bool[] present = Present(batch, row, size);
            weight *= (double)present.Count(p => p) / size;
            if (weight == 0)
                continue;
            (double value, double[] dy) = loss.Kind switch
            {
                _ when Array.Exists(present, p => !p) => OverPresent(loss, present, outputs.Part(row, size), Target(batch, row)),
                LossKind.SoftmaxCrossEntropy => Softmax(outputs.Part(row, size), batch.Classes[row], loss.LabelSmoothing),
                LossKind.Quantile => Quantile(outputs.Part(row, size), Target(batch, row), loss.Quantiles),
                _ => Numeric(loss, outputs.Part(row, size), Target(batch, row)),
            };
            sum += new LossSum(weight * value, weight);
            dy.Map(d => d * weight).CopyTo(gradient, row * size);
        }
        return (sum, gradient.Map(d => d / sum.Weight));
    }

    private static bool[] Present(SequenceBatch batch, int row, int size)
    {
        if (!batch.SkipsMissingTargets)
            return [.. Enumerable.Repeat(true, size)];
        double[] target = Target(batch, row);
        return [.. Enumerable.Range(0, size).Select(j => !double.IsNaN(target[j * target.Length / size]))];
    }

    /// <summary>The mean over the outputs whose target is there, one after another.</summary>
    private static (double, double[]) OverPresent(LossSpec loss, bool[] present, double[] y, double[] target)
    {
        int perTarget = y.Length / target.Length, count = present.Count(p => p);
        double sum = 0;
        var dy = new double[y.Length];
        for (int j = 0; j < y.Length; j++)
        {
            if (!present[j])
                continue;
            (double value, double[] slope) = loss.Kind == LossKind.Quantile
                ? Quantile([y[j]], [target[j / perTarget]], [loss.Quantiles[j % perTarget]])
                : Numeric(loss, [y[j]], [target[j]]);
            sum += value / count;
            dy[j] = slope[0] / count;
        }
        return (sum, dy);
    }

    private static (double, double[]) Softmax(double[] y, int label, double smoothing)
    {
        double max = y.Max(), total = y.Sum(v => Math.Exp(v - max));
        double[] logP = y.Map(v => v - max - Math.Log(total));
        double[] target = [.. y.Select((_, k) => (k == label ? 1 - smoothing : 0) + smoothing / y.Length)];
        return (-target.Times(logP).Sum(), [.. logP.Zip(target, (l, t) => Math.Exp(l) - t)]);
    }

    private static (double, double[]) Quantile(double[] y, double[] target, IReadOnlyList<float> quantiles)
    {
        double sum = 0;
        var dy = new double[y.Length];
        for (int j = 0; j < y.Length; j++)
        {
            double q = quantiles[j % quantiles.Count], error = target[j / quantiles.Count] - y[j];
            sum += Math.Max(q * error, (q - 1) * error);
            dy[j] = (error > 0 ? -q : error < 0 ? 1 - q : 0) / y.Length;
        }
        return (sum / y.Length, dy);
    }

    private static (double, double[]) Numeric(LossSpec loss, double[] y, double[] target)
    {
        (double Value, double Slope)[] terms = [.. y.Zip(target, (v, t) => Term(loss, v, t))];
        return (terms.Average(t => t.Value), [.. terms.Select(t => t.Slope / y.Length)]);
    }

    private static (double Value, double Slope) Term(LossSpec loss, double y, double t)
    {
        double error = y - t, delta = loss.HuberDelta;
        return loss.Kind switch
        {
            LossKind.MeanSquaredError => (error * error, 2 * error),
            LossKind.MeanAbsoluteError => (Math.Abs(error), Math.Sign(error)),
            LossKind.Huber when Math.Abs(error) <= delta => (error * error / 2, error),
            LossKind.Huber => (delta * (Math.Abs(error) - delta / 2), delta * Math.Sign(error)),
            LossKind.BinaryCrossEntropy => (Math.Max(y, 0) - y * t + Math.Log(1 + Math.Exp(-Math.Abs(y))), Vectors.Sigmoid(y) - t),
            _ => throw new ArgumentOutOfRangeException(nameof(loss), loss.Kind, "Expected a loss on numbers."),
        };
    }

    private static double ClassWeight(LossSpec loss, SequenceBatch batch, int row)
    {
        if (!loss.TargetsAreClasses)
            return 1;
        int label = batch.Classes[row];
        return label < 0 ? 0 : loss.ClassWeights?[label] ?? 1;
    }

    private static double[] Target(SequenceBatch batch, int row) =>
        Array.ConvertAll(batch.Targets.Slice(row * batch.TargetSize, batch.TargetSize).ToArray(), t => (double)t);

    private static int PositionOf(int row, SequenceBatch batch, OutputPosition output)
    {
        if (output == OutputPosition.LastStep)
            return row;
        int step = 0;
        while (batch.Offsets[step + 1] <= row)
            step++;
        return row - batch.Offsets[step];
    }
}
