using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Rows without label or with a score that is not finite count for nothing.</summary>
internal sealed class BinaryEvaluator
{
    private readonly List<(float Score, bool IsPositive)> _scored = [];
    private readonly BinaryCounts _counts;

    public BinaryEvaluator(IDataView data, string labelName, string scoreName, string probabilityName, string predictedLabelName)
    {
        DataViewSchema.Column label = EvaluationColumns.Find(data, "Label", labelName);
        DataViewSchema.Column score = EvaluationColumns.Find(data, "Score", scoreName);
        DataViewSchema.Column? probability =
            probabilityName is null ? null : EvaluationColumns.Find(data, "Probability", probabilityName);
        EvaluationColumns.Find(data, "PredictedLabel", predictedLabelName);
        CheckTypes(label, score, probability);
        _counts = new BinaryCounts(GetClassNames(label));
        DataViewSchema.Column[] needed = probability is null ? [label, score] : [label, score, probability.Value];
        using DataViewRowCursor cursor = data.GetRowCursor(needed.DistinctBy(c => c.Index));
        Read(cursor, EvaluationColumns.ReadLabel(cursor, label), EvaluationColumns.ReadSingle(cursor, score),
            probability is null ? () => float.NaN : EvaluationColumns.ReadSingle(cursor, probability.Value));
    }

    public BinaryClassificationMetrics Metrics => new(_counts, RocArea, PrecisionRecallArea);

    public CalibratedBinaryClassificationMetrics CalibratedMetrics => new(_counts, RocArea, PrecisionRecallArea);

    /// <summary>The share of pairs in which the positive example has the higher score; ties count half.</summary>
    private double RocArea
    {
        get
        {
            long positives = _scored.Count(s => s.IsPositive);
            long negatives = _scored.Count - positives;
            Contracts.CheckParam(positives > 0, "PosSample", "AUC is not defined when there is no positive class in the data");
            Contracts.CheckParam(negatives > 0, "NegSample", "AUC is not defined when there is no negative class in the data");
            double won = 0;
            double above = 0;
            foreach (IGrouping<float, (float, bool IsPositive)> equal in _scored.GroupBy(s => s.Score).OrderByDescending(g => g.Key))
            {
                double tied = equal.Count(s => s.IsPositive);
                won += (equal.Count() - tied) * (above + (tied / 2));
                above += tied;
            }
            return won / ((double)positives * negatives);
        }
    }

    /// <summary>The lower trapezoids below the curve, over the examples by falling score.</summary>
    private double PrecisionRecallArea
    {
        get
        {
            double positives = _scored.Count(s => s.IsPositive);
            double area = 0, found = 0, wrong = 0, precision = 1;
            foreach ((_, bool isPositive) in _scored.OrderByDescending(s => s.Score))
            {
                double before = precision;
                if (isPositive)
                    found++;
                else
                    wrong++;
                precision = found / (found + wrong);
                if (isPositive)
                    area += ((found / positives) - ((found - 1) / positives)) * (before + precision) / 2;
            }
            return area;
        }
    }

    private static void CheckTypes(DataViewSchema.Column label, DataViewSchema.Column score, DataViewSchema.Column? probability)
    {
        if (!score.Type.Equals(NumberDataViewType.Single))
            throw EvaluationColumns.Mismatch("score", score, "Single");
        if (!label.Type.Equals(NumberDataViewType.Single) && !label.Type.Equals(NumberDataViewType.Double)
            && label.Type is not BooleanDataViewType && label.Type.GetKeyCount() != 2)
            throw EvaluationColumns.Mismatch("label", label, "Single, Double, Boolean, or a Key with cardinality 2");
        if (probability is { } column && !column.Type.Equals(NumberDataViewType.Single))
            throw EvaluationColumns.Mismatch("probability", column, "Single");
    }

    private static IEnumerable<ReadOnlyMemory<char>> GetClassNames(DataViewSchema.Column label)
    {
        if (!label.HasKeyValues())
            return ["positive".AsMemory(), "negative".AsMemory()];
        VBuffer<ReadOnlyMemory<char>> names = default;
        label.GetKeyValues(ref names);
        return names.DenseValues();
    }

    private void Read(DataViewRowCursor cursor, Func<float> readLabel, Func<float> readScore, Func<float> readProbability)
    {
        while (cursor.MoveNext())
        {
            float label = readLabel();
            float score = readScore();
            if (!float.IsFinite(score) || float.IsNaN(label))
                continue;
            _counts.Add(score, readProbability(), label > 0);
            _scored.Add((score, label > 0));
        }
    }
}
