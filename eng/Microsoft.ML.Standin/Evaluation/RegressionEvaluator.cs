namespace Microsoft.ML.Data;

/// <summary>Rows without label or score count for nothing.</summary>
internal static class RegressionEvaluator
{
    public static RegressionMetrics Evaluate(IDataView data, string labelName, string scoreName)
    {
        DataViewSchema.Column label = EvaluationColumns.Find(data, "Label", labelName);
        DataViewSchema.Column score = EvaluationColumns.Find(data, "Score", scoreName);
        if (!score.Type.Equals(NumberDataViewType.Single))
            throw EvaluationColumns.Mismatch("score", score, "Single");
        if (!label.Type.Equals(NumberDataViewType.Single))
            throw EvaluationColumns.Mismatch("label", label, "Single");
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        return Evaluate(cursor, EvaluationColumns.ReadLabel(cursor, label), EvaluationColumns.ReadSingle(cursor, score));
    }

    private static RegressionMetrics Evaluate(DataViewRowCursor cursor, Func<float> readLabel, Func<float> readScore)
    {
        double count = 0, absolute = 0, squared = 0, loss = 0, labels = 0, squaredLabels = 0;
        while (cursor.MoveNext())
        {
            float label = readLabel();
            float score = readScore();
            if (float.IsNaN(label) || float.IsNaN(score))
                continue;
            count++;
            labels += label;
            squaredLabels += label * label;
            double error = Math.Abs((double)label - score);
            absolute += error;
            squared += error * error;
            // The loss function works in single precision.
            loss += (score - label) * (score - label);
        }
        if (count == 0)
            return new RegressionMetrics(0, 0, 0, 0, 0);
        double variation = squaredLabels - (labels * labels / count);
        return new RegressionMetrics(absolute / count, squared / count, Math.Sqrt(squared / count), loss / count,
            variation == 0 ? double.NaN : 1 - (squared / variation));
    }
}
