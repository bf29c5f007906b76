using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Tagging;

/// <summary>The columns of a prediction for every step.</summary>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="Values">What the label's keys stand for; null if it did not say.</param>
internal sealed record TagColumns(int ClassCount, KeyValues? Values)
{
    private const string Score = "Score", PredictedLabel = "PredictedLabel";

    /// <summary>The columns' shapes, for a label of that shape.</summary>
    public static SchemaShape.Column[] Shapes(SchemaShape.Column label) =>
    [
        SchemaShapes.Column(PredictedLabel, VectorKind.VariableVector, NumberDataViewType.UInt32, isKey: true, new SchemaShape(KeyValues.ShapeOn(label))),
        SchemaShapes.Column(Score, VectorKind.VariableVector, NumberDataViewType.Single),
    ];

    /// <summary>The columns: the class predicted at each step, and the probabilities of all of them, step after step.</summary>
    public DataViewSchema.DetachedColumn[] ToColumns()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        Values?.AddTo(annotations);
        return
        [
            new(PredictedLabel, new VectorDataViewType(new KeyDataViewType(typeof(uint), (ulong)ClassCount)), annotations.ToAnnotations()),
            new(Score, new VectorDataViewType(NumberDataViewType.Single)),
        ];
    }
}
