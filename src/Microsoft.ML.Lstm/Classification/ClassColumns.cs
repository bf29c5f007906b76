using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>The columns of a multiclass prediction.</summary>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="Values">What the label's keys stand for; null if it did not say.</param>
/// <param name="Marker">Name of an annotation that tells whose columns they are among those that look alike; null: none.</param>
internal sealed record ClassColumns(int ClassCount, KeyValues? Values, string? Marker = null)
{
    private const string Score = "Score", PredictedLabel = "PredictedLabel", Task = "MulticlassClassification";

    /// <summary>The columns' shapes, for a label of that shape.</summary>
    public static SchemaShape.Column[] Shapes(SchemaShape.Column label, string? marker = null)
    {
        SchemaShape.Column[] common = [.. ScoreAnnotations.Shape, .. marker is null ? [] : new[] { SchemaShapes.Column(marker, VectorKind.Scalar, BooleanDataViewType.Instance) }];
        SchemaShape.Column[] values = [.. KeyValues.ShapeOn(label)];
        SchemaShape.Column[] names = values.Length > 0 ? [SlotNames.Shape] : [];
        return
        [
            SchemaShapes.Column(PredictedLabel, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, new SchemaShape([.. common, .. values])),
            SchemaShapes.Column(Score, VectorKind.Vector, NumberDataViewType.Single, annotations: new SchemaShape([.. common, .. names])),
        ];
    }

    /// <summary>The columns, as added to a schema: the label predicted, and the probability of each class.</summary>
    public DataViewSchema.DetachedColumn[] On(DataViewSchema schema)
    {
        var annotations = new ScoreAnnotations(ScoreAnnotations.NextSetId(schema), Task);
        DataViewSchema.Annotations.Builder label = annotations.Of(PredictedLabel), score = annotations.Of(Score);
        if (Marker is not null)
        {
            label.AddPrimitiveValue(Marker, BooleanDataViewType.Instance, true);
            score.AddPrimitiveValue(Marker, BooleanDataViewType.Instance, true);
        }
        if (Values is not null)
        {
            Values.AddTo(label);
            SlotNames.AddTo(score, Values.Texts);
        }
        return
        [
            new DataViewSchema.DetachedColumn(PredictedLabel, new KeyDataViewType(typeof(uint), (ulong)ClassCount), label.ToAnnotations()),
            new DataViewSchema.DetachedColumn(Score, new VectorDataViewType(NumberDataViewType.Single, ClassCount), score.ToAnnotations()),
        ];
    }
}
