namespace Microsoft.ML.Data;

/// <summary>What a binary evaluator has counted at the threshold 0 of the score.</summary>
internal sealed class BinaryCounts(IEnumerable<ReadOnlyMemory<char>> classNames)
{
    private double _truePositives;
    private double _falseNegatives;
    private double _falsePositives;
    private double _trueNegatives;
    private double _loss;
    private double _lossPositives;
    private double _lossNegatives;

    public double Accuracy => (_truePositives + _trueNegatives) / Total;

    public double PositivePrecision => Share(_truePositives, _falsePositives);

    public double PositiveRecall => Share(_truePositives, _falseNegatives);

    public double NegativePrecision => Share(_trueNegatives, _falseNegatives);

    public double NegativeRecall => Share(_trueNegatives, _falsePositives);

    public double F1Score => PositivePrecision + PositiveRecall == 0
        ? 0 : 2 * PositivePrecision * PositiveRecall / (PositivePrecision + PositiveRecall);

    public double Entropy => EntropyOf((_truePositives + _falseNegatives) / Total);

    public double LogLoss => double.IsNaN(_loss) ? double.NaN : LossCount > 0 ? _loss / LossCount : 0;

    public double LogLossReduction
    {
        get
        {
            if (LossCount == 0)
                return 0;
            double prior = EntropyOf(_lossPositives / LossCount);
            return (prior - (_loss / LossCount)) / prior;
        }
    }

    public ConfusionMatrix ConfusionMatrix =>
        new([[_truePositives, _falseNegatives], [_falsePositives, _trueNegatives]], classNames, isBinary: true);

    private double Total => _truePositives + _falseNegatives + _falsePositives + _trueNegatives;

    private double LossCount => _lossPositives + _lossNegatives;

    public void Add(float score, float probability, bool isPositive)
    {
        if (isPositive && score > 0)
            _truePositives++;
        else if (isPositive)
            _falseNegatives++;
        else if (score > 0)
            _falsePositives++;
        else
            _trueNegatives++;
        // Without probabilities the losses are NaN, and so is their sum.
        _loss -= Math.Log(isPositive ? probability : 1.0 - probability, 2);
        if (float.IsNaN(probability))
            return;
        if (isPositive)
            _lossPositives++;
        else
            _lossNegatives++;
    }

    private static double Share(double part, double rest) => part + rest > 0 ? part / (part + rest) : 0;

    /// <summary>In bits.</summary>
    private static double EntropyOf(double p) => p is > 0 and < 1 ? -(p * Math.Log(p, 2)) - ((1 - p) * Math.Log(1 - p, 2)) : 0;
}
