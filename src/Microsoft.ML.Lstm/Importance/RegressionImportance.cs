using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Importance;

/// <summary>
/// The metrics of a regression: of labels of one value those of <c>Regression.Evaluate</c>; of several, or of one for each step, the same
/// over all values of all rows. Of quantiles the one nearest to the median is measured.
/// </summary>
internal static class RegressionImportance
{
    private const string Score = "Score";

    /// <summary>The metrics, for a label of some data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The label is missing, of another type, or not of as many values as the network predicts.
    /// </exception>
    public static ImportanceMetrics<RegressionMetricsStatistics> Of(IHost host, RecurrentModel model, DataViewSchema schema,
        string labelColumn)
    {
        var label = new NumberLabel(host, schema, labelColumn, model.Head.Values!.IsEveryStep);
        (int quantiles, int median) = Median(model.Loss);
        int values = model.Head.Values.Size / quantiles;
        if (!label.IsEveryStep && label.Size != values)
            throw SchemaMismatch.IllTyped(host, ILabelColumn.Role, labelColumn,
                Invariant($"{Plural.Of(values, "value")}, as many as the network predicts"), schema[labelColumn].Type.ToString()!);
        return new ImportanceMetrics<RegressionMetricsStatistics>(label, view => Measure(view, labelColumn, quantiles, median),
            MetricChanges.Regression,
            all => [all.MeanAbsoluteError, all.MeanSquaredError, all.RootMeanSquaredError, all.LossFunction, all.RSquared], all =>
                all.RootMeanSquaredError.Mean);
    }

    private static (int Quantiles, int Median) Median(LossSpec loss) => loss.Kind == LossKind.Quantile && loss.Quantiles.Count > 1
        ? (loss.Quantiles.Count, Enumerable.Range(0, loss.Quantiles.Count).MinBy(i => Math.Abs(loss.Quantiles[i] - 0.5f)))
        : (1, 0);

    private static double[] Measure(IDataView scored, string labelColumn, int quantiles, int median)
    {
        (double absolute, double squared, double labels, double squaredLabels, long count) = (0, 0, 0, 0, 0);
        double first = double.NaN;
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema[labelColumn], scored.Schema[Score]]);
        NumberReader label = new(cursor, scored.Schema[labelColumn]), score = new(cursor, scored.Schema[Score]);
        while (cursor.MoveNext())
        {
            ReadOnlySpan<float> actual = label.Read(), predicted = score.Read();
            for (int i = 0; i < actual.Length; i++, count++)
            {
                if (count == 0)
                    first = actual[i];
                // About the first label, so that a variance of labels far from 0 is not lost to rounding.
                double error = (double)predicted[(i * quantiles) + median] - actual[i], distance = actual[i] - first;
                (absolute, squared, labels, squaredLabels) =
                    (absolute + Math.Abs(error), squared + (error * error), labels + distance, squaredLabels + (distance * distance));
            }
        }
        double meanSquared = squared / count, variance = (squaredLabels / count) - (labels / count * (labels / count));
        return [absolute / count, meanSquared, Math.Sqrt(meanSquared), meanSquared, 1 - (meanSquared / variance)];
    }
}
