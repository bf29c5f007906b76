using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Rows without a label that is a class, or with a score that is not finite, count for nothing.</summary>
internal static class MulticlassEvaluator
{
    public static MulticlassClassificationMetrics Evaluate(
        IDataView data, string labelName, string scoreName, string predictedLabelName, int topKPredictionCount)
    {
        DataViewSchema.Column label = EvaluationColumns.Find(data, "Label", labelName);
        DataViewSchema.Column score = EvaluationColumns.Find(data, "Score", scoreName);
        EvaluationColumns.Find(data, "PredictedLabel", predictedLabelName);
        if (score.Type is not VectorDataViewType { Size: >= 2 } type || !type.ItemType.Equals(NumberDataViewType.Single))
            throw EvaluationColumns.Mismatch("score", score, "vector of two or more items of type Single");
        if (!label.Type.Equals(NumberDataViewType.Single) && label.Type is not KeyDataViewType)
            throw EvaluationColumns.Mismatch("label", label, "Single or Key");
        var counts = new MulticlassCounts(type.Size);
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        Read(cursor, EvaluationColumns.ReadLabel(cursor, label), cursor.GetGetter<VBuffer<float>>(score), type.Size, counts);
        var matrix = new ConfusionMatrix(counts.Confusion, GetClassNames(score, type.Size), isBinary: false);
        return new MulticlassClassificationMetrics(counts, topKPredictionCount, matrix);
    }

    private static void Read(
        DataViewRowCursor cursor, Func<float> readLabel, ValueGetter<VBuffer<float>> getScores, int classCount, MulticlassCounts counts)
    {
        VBuffer<float> buffer = default;
        var scores = new float[classCount];
        while (cursor.MoveNext())
        {
            float label = readLabel();
            if (float.IsNaN(label) || label < 0 || label != (int)label)
                continue;
            getScores(ref buffer);
            Contracts.Check(buffer.Length == classCount, $"Expected {classCount} scores, but got {buffer.Length}.");
            buffer.CopyTo(scores);
            if (scores.All(float.IsFinite))
                counts.Add(scores, (int)label);
        }
    }

    private static IEnumerable<ReadOnlyMemory<char>> GetClassNames(DataViewSchema.Column score, int classCount)
    {
        if (!score.HasSlotNames())
            return Enumerable.Range(0, classCount).Select(i => $"{i}".AsMemory());
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return names.DenseValues();
    }
}
