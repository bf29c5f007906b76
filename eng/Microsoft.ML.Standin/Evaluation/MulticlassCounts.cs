namespace Microsoft.ML.Data;

/// <summary>What a multiclass evaluator has counted. A label beyond the classes is always wrong.</summary>
internal sealed class MulticlassCounts(int classCount)
{
    private const float Epsilon = 1e-15f;
    private readonly double[] _classCounts = new double[classCount];
    private readonly double[] _classLosses = new double[classCount];
    private readonly double[] _ranks = new double[classCount + 1];
    private double _count;
    private double _loss;

    public double[][] Confusion { get; } = [.. Enumerable.Range(0, classCount).Select(_ => new double[classCount])];

    public double MicroAccuracy => _count > 0 ? _ranks[0] / _count : 0;

    public double MacroAccuracy => _classCounts.Select((n, i) => n > 0 ? Confusion[i][i] / n : double.NaN)
        .Where(recall => !double.IsNaN(recall)).DefaultIfEmpty(0).Average();

    public double LogLoss => _count > 0 ? _loss / _count : 0;

    /// <summary>Relative to the loss of always predicting the shares of the classes.</summary>
    public double LogLossReduction
    {
        get
        {
            double entropy = -_classCounts.Where(n => n != 0).Sum(n => n * Math.Log(n / _count)) / _count;
            return (entropy - LogLoss) / entropy;
        }
    }

    public IEnumerable<double> PerClassLogLoss => _classLosses.Select((loss, i) => _classCounts[i] > 0 ? loss / _classCounts[i] : 0);

    public IEnumerable<double> GetTopKAccuracies(int topK)
    {
        double sum = 0;
        foreach (double rank in _ranks.Take(topK))
            yield return sum += rank / _count;
    }

    public void Add(ReadOnlySpan<float> scores, int label)
    {
        bool isKnown = label < scores.Length;
        float correct = isKnown ? scores[label] : 0;
        double loss = -Math.Log(isKnown ? Math.Min(1, Math.Max(Epsilon, correct)) : Epsilon);
        int rank = 0;
        int assigned = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > correct || (scores[i] == correct && i < label))
                rank++;
            if (scores[i] > scores[assigned])
                assigned = i;
        }
        _count++;
        _loss += loss;
        _ranks[rank]++;
        if (!isKnown)
            return;
        _classCounts[label]++;
        _classLosses[label] += loss;
        Confusion[label][rank == 0 ? label : assigned]++;
    }
}
