using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>Sums up columns by their finite values.</summary>
internal sealed class ColumnSurvey
{
    // Means and standard deviations to a fraction of a percent, in a few milliseconds.
    private const int MostNumbers = 1_000_000;

    private readonly RunningMoments[] _columns;

    private ColumnSurvey(int columns) => _columns = new RunningMoments[columns];

    /// <summary>
    /// The features of a dataset, scaled; of a large one, of rows drawn at random, but constant is only what is so in all.
    /// </summary>
    public static ColumnSummary[] OfFeatures(SequenceDataset dataset, RandomStream random)
    {
        int columns = dataset.Shape.FeatureSize;
        var survey = new ColumnSurvey(columns);
        bool all = dataset.StepCount * columns <= MostNumbers;
        WindowLevels? levels = dataset.Window is { } window ? new WindowLevels(window) : null;
        float[] buffer = [];
        for (int example = 0; all && columns > 0 && example < dataset.Count; example++)
            survey.Add(dataset.NormalizedFeatures(example, levels, ref buffer));
        for (int row = 0; !all && row < MostNumbers / columns; row++)
        {
            int example = random.NextInt(dataset.Count);
            survey.Add(dataset.NormalizedFeatures(example, levels, ref buffer).Slice(random.NextInt(dataset.Length(example)) * columns, columns));
        }
        if (!all)
            survey.LookForChange(dataset, levels, buffer);
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
        for (int i = 0, c = 0; i < rows.Length; i++)
        {
            if (float.IsFinite(rows[i]))
                _columns[c].Add(rows[i]);
            if (++c == _columns.Length)
                c = 0;
        }
    }

    /// <summary>
    /// Adds to each column that seems constant its first other value, if there is one: a rare value may have been missed.
    /// </summary>
    private void LookForChange(SequenceDataset dataset, WindowLevels? levels, float[] buffer)
    {
        List<int> constant = [.. Enumerable.Range(0, _columns.Length).Where(c => _columns[c].AreAlike)];
        for (int example = 0; constant.Count > 0 && example < dataset.Count; example++)
        {
            ReadOnlySpan<float> features = dataset.NormalizedFeatures(example, levels, ref buffer);
            for (int i = constant.Count - 1; i >= 0; i--)
                for (int at = constant[i]; at < features.Length; at += _columns.Length)
                    if (features[at] != _columns[constant[i]].First && float.IsFinite(features[at]))
                    {
                        _columns[constant[i]].Add(features[at]);
                        constant.RemoveAt(i);
                        break;
                    }
        }
    }

    private ColumnSummary[] Summaries(FeatureScaling? scaling)
    {
        var summaries = new ColumnSummary[_columns.Length];
        for (int c = 0; c < summaries.Length; c++)
        {
            double mean = _columns[c].Mean, deviation = Math.Sqrt(_columns[c].Variance);
            summaries[c] = scaling is null
                ? new ColumnSummary(mean, deviation)
                : new ColumnSummary((mean - scaling.Mean[c]) / scaling.Scale[c], deviation / scaling.Scale[c]);
        }
        return summaries;
    }
}

/// <summary>One column of values.</summary>
/// <param name="Mean">Mean of the finite ones.</param>
/// <param name="StandardDeviation">Their standard deviation; exactly 0 when all are the same.</param>
internal readonly record struct ColumnSummary(double Mean, double StandardDeviation)
{
    /// <summary>Root of the mean square: the size that the network sees.</summary>
    public double Size => Math.Sqrt((Mean * Mean) + (StandardDeviation * StandardDeviation));
}
