using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>The columns of a binary prediction, as ML.NET's calibrated trainers give them.</summary>
internal static class BinaryColumns
{
    private const string PredictedLabel = "PredictedLabel", Score = "Score", Probability = "Probability", Task = "BinaryClassification";

    /// <summary>The columns' shapes.</summary>
    public static SchemaShape.Column[] Shapes { get; } =
    [
        SchemaShapes.Column(PredictedLabel, VectorKind.Scalar, BooleanDataViewType.Instance, annotations: new SchemaShape(ScoreAnnotations.Shape)),
        SchemaShapes.Column(Score, VectorKind.Scalar, NumberDataViewType.Single, annotations: new SchemaShape(ScoreAnnotations.Shape)),
        SchemaShapes.Column(Probability, VectorKind.Scalar, NumberDataViewType.Single, annotations: new SchemaShape(ScoreAnnotations.NormalizedShape)),
    ];

    /// <summary>The columns, as added to a schema.</summary>
    public static DataViewSchema.DetachedColumn[] On(DataViewSchema schema)
    {
        var annotations = new ScoreAnnotations(ScoreAnnotations.NextSetId(schema), Task);
        return
        [
            new DataViewSchema.DetachedColumn(PredictedLabel, BooleanDataViewType.Instance, annotations.Of(PredictedLabel).ToAnnotations()),
            new DataViewSchema.DetachedColumn(Score, NumberDataViewType.Single, annotations.Of(Score).ToAnnotations()),
            new DataViewSchema.DetachedColumn(Probability, NumberDataViewType.Single, annotations.Of(Probability, isNormalized: true).ToAnnotations()),
        ];
    }
}
