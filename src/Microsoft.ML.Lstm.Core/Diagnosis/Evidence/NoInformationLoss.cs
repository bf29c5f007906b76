using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>
/// What the best constant prediction costs: the variance for the squared error, the absolute difference from the median, the pinball loss at
/// the quantile, the entropy of the classes. A network that ignores its input can do no better.
/// </summary>
internal static class NoInformationLoss
{
    // The golden section narrows the labels' range to 1e-6 of itself in so many steps.
    private const int Narrowings = 30;
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>The loss; NaN without labels.</summary>
    /// <param name="loss">What is minimised.</param>
    /// <param name="labels">What it is to be minimised on.</param>
    /// <param name="outputSize">Outputs of the network.</param>
    public static double Of(LossSpec loss, LabelSample labels, int outputSize)
    {
        if (labels.Count == 0)
            return double.NaN;
        if (loss.TargetsAreClasses)
            return ClassEntropy(loss, labels, outputSize);
        double sum = 0;
        int quantiles = loss.Kind == LossKind.Quantile ? loss.Quantiles.Count : 1;
        for (int column = 0; column < labels.Size; column++)
            for (int q = 0; q < quantiles; q++)
                sum += OfColumn(loss, labels, column, loss.Kind == LossKind.Quantile ? loss.Quantiles[q] : 0);
        return sum / (labels.Size * quantiles);
    }

    // Weighed and smoothed as the loss does it, the classes' shares are the best constant prediction.
    private static double ClassEntropy(LossSpec loss, LabelSample labels, int classes)
    {
        double[] shares = new double[Math.Max(classes, labels.LargestClass + 1)];
        double total = 0, entropy = 0;
        for (int i = 0; i < labels.Count; i++)
        {
            shares[labels.Classes[i]] += labels.Weights[i];
            total += labels.Weights[i];
        }
        foreach (double sum in shares)
        {
            double share = ((1 - loss.LabelSmoothing) * sum / total) + (loss.LabelSmoothing / shares.Length);
            entropy -= share > 0 ? share * Math.Log(share) : 0;
        }
        return entropy;
    }

    private static double OfColumn(LossSpec loss, LabelSample labels, int column, double quantile)
    {
        (double weight, double sum, double low, double high) = (0, 0, double.PositiveInfinity, double.NegativeInfinity);
        for (int i = 0; i < labels.Count; i++)
        {
            double label = labels.Numbers[(i * labels.Size) + column];
            weight += labels.Weights[i];
            sum += labels.Weights[i] * label;
            (low, high) = (Math.Min(low, label), Math.Max(high, label));
        }
        double mean = sum / weight;
        return loss.Kind switch
        {
            LossKind.BinaryCrossEntropy => BinaryEntropy(mean),
            LossKind.MeanSquaredError => Mean(mean),
            _ => Lowest(Mean, low, high),
        };

        double Mean(double prediction)
        {
            double total = 0;
            for (int i = 0; i < labels.Count; i++)
                total += labels.Weights[i] * Cost(loss, labels.Numbers[(i * labels.Size) + column] - prediction, quantile);
            return total / weight;
        }
    }

    private static double BinaryEntropy(double share) =>
        share is > 0 and < 1 ? -(share * Math.Log(share)) - ((1 - share) * Math.Log(1 - share)) : 0;

    /// <summary>The loss of one numeric prediction that falls short of the label by so much.</summary>
    public static double Cost(LossSpec loss, double shortfall, double quantile) => loss.Kind switch
    {
        LossKind.MeanAbsoluteError => Math.Abs(shortfall),
        LossKind.Quantile => shortfall >= 0 ? quantile * shortfall : (quantile - 1) * shortfall,
        LossKind.Huber when Math.Abs(shortfall) > loss.HuberDelta => loss.HuberDelta * (Math.Abs(shortfall) - (0.5 * loss.HuberDelta)),
        LossKind.Huber => 0.5 * shortfall * shortfall,
        _ => shortfall * shortfall,
    };

    // Each of these losses is convex in the prediction.
    private static double Lowest(Func<double, double> loss, double low, double high)
    {
        double a = high - (Golden * (high - low)), b = low + (Golden * (high - low));
        double lossA = loss(a), lossB = loss(b);
        for (int i = 0; i < Narrowings; i++)
        {
            if (lossA <= lossB)
            {
                (high, b, lossB) = (b, a, lossA);
                a = high - (Golden * (high - low));
                lossA = loss(a);
            }
            else
            {
                (low, a, lossA) = (a, b, lossB);
                b = low + (Golden * (high - low));
                lossB = loss(b);
            }
        }
        return Math.Min(lossA, lossB);
    }
}
