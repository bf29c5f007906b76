using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>
/// Sums up columns of numbers in one pass, of the differences from each column's first value: a constant column has deviation 0.
/// </summary>
internal sealed class ColumnSurvey
{
    // Means and deviations to a fraction of a percent, in a few milliseconds.
    private const int MostNumbers = 1_000_000;

    private readonly double[] _first, _sum, _squares;
    private readonly long[] _count;

    private ColumnSurvey(int columns) =>
        (_first, _sum, _squares, _count) = (new double[columns], new double[columns], new double[columns], new long[columns]);

    /// <summary>
    /// The features of a dataset, scaled; of a large one, of rows drawn at random, but constant is only what is so in all.
    /// </summary>
    public static ColumnSummary[] OfFeatures(SequenceDataset dataset, RandomStream random)
    {
        int columns = dataset.Shape.FeatureSize;
        var survey = new ColumnSurvey(columns);
        bool all = dataset.StepCount * columns <= MostNumbers;
        for (int example = 0; all && columns > 0 && example < dataset.Count; example++)
            survey.Add(dataset.Features(example));
        for (int row = 0; !all && row < MostNumbers / columns; row++)
        {
            int example = random.NextInt(dataset.Count);
            survey.Add(dataset.Features(example).Slice(random.NextInt(dataset.Length(example)) * columns, columns));
        }
        if (!all)
            survey.LookForChange(dataset);
        return survey.Summaries(dataset.FeatureScaling);
    }

    /// <summary>The numeric targets of a dataset, scaled.</summary>
    public static ColumnSummary[] OfTargets(LabelSample labels)
    {
        var survey = new ColumnSurvey(labels.Size);
        survey.Add(labels.Numbers);
        return survey.Summaries(null);
    }

    private void Add(ReadOnlySpan<float> rows)
    {
        int columns = _first.Length;
        for (int i = 0, c = 0; i < rows.Length; i++)
        {
            if (float.IsFinite(rows[i]))
                Add(c, rows[i]);
            if (++c == columns)
                c = 0;
        }
    }

    private void Add(int c, double value)
    {
        if (_count[c]++ == 0)
            _first[c] = value;
        double difference = value - _first[c];
        _sum[c] += difference;
        _squares[c] += difference * difference;
    }

    /// <summary>
    /// Adds to each column that seems constant its first other value, if there is one: a rare value may have been missed.
    /// </summary>
    private void LookForChange(SequenceDataset dataset)
    {
        int columns = _first.Length;
        List<int> constant = [.. Enumerable.Range(0, columns).Where(c => _squares[c] == 0)];
        for (int example = 0; constant.Count > 0 && example < dataset.Count; example++)
        {
            ReadOnlySpan<float> features = dataset.Features(example);
            for (int i = constant.Count - 1; i >= 0; i--)
                for (int at = constant[i]; at < features.Length; at += columns)
                    if (features[at] != _first[constant[i]] && float.IsFinite(features[at]))
                    {
                        Add(constant[i], features[at]);
                        constant.RemoveAt(i);
                        break;
                    }
        }
    }

    private ColumnSummary[] Summaries(FeatureScaling? scaling)
    {
        var summaries = new ColumnSummary[_first.Length];
        for (int c = 0; c < summaries.Length; c++)
        {
            double n = Math.Max(1, _count[c]), shift = _sum[c] / n, deviation = Math.Sqrt(Math.Max(0, (_squares[c] / n) - (shift * shift)));
            double mean = _first[c] + shift;
            summaries[c] = scaling is null
                ? new ColumnSummary(mean, deviation)
                : new ColumnSummary((mean - scaling.Mean[c]) / scaling.Scale[c], deviation / scaling.Scale[c]);
        }
        return summaries;
    }
}
