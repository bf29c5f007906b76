using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>
/// The annotations by which ML.NET knows the columns that one model's prediction is made of: they share a number, a kind of task, and each says
/// what it is.
/// </summary>
/// <param name="setId">Number of the prediction among those of a schema, from <see cref="NextSetId"/>.</param>
/// <param name="task">The task, as ML.NET names it.</param>
internal sealed class ScoreAnnotations(uint setId, string task)
{
    private const string SetIdName = "ScoreColumnSetId", TaskName = "ScoreColumnKind", ValueName = "ScoreValueKind", NormalizedName = "IsNormalized";

    /// <summary>The shape of the annotations.</summary>
    public static IReadOnlyList<SchemaShape.Column> Shape { get; } =
    [
        SchemaShapes.Column(SetIdName, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
        SchemaShapes.Column(TaskName, VectorKind.Scalar, TextDataViewType.Instance),
        SchemaShapes.Column(ValueName, VectorKind.Scalar, TextDataViewType.Instance),
    ];

    /// <summary>The shape of the annotations of a number that lies between 0 and 1.</summary>
    public static IReadOnlyList<SchemaShape.Column> NormalizedShape { get; } =
        [.. Shape, SchemaShapes.Column(NormalizedName, VectorKind.Scalar, BooleanDataViewType.Instance)];

    /// <summary>A number that no prediction in the schema has.</summary>
    public static uint NextSetId(DataViewSchema schema)
    {
        uint last = 0;
        foreach (DataViewSchema.Column column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(SetIdName)?.Type is not KeyDataViewType { RawType: var type } || type != typeof(uint))
                continue;
            uint id = 0;
            column.Annotations.GetValue(SetIdName, ref id);
            last = Math.Max(last, id);
        }
        return last + 1;
    }

    /// <summary>Annotations of a column.</summary>
    /// <param name="value">What the column is: <c>Score</c>, <c>Probability</c>, <c>PredictedLabel</c>.</param>
    /// <param name="isNormalized">Whether it lies between 0 and 1 and says so.</param>
    public DataViewSchema.Annotations.Builder Of(string value, bool isNormalized = false)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue(SetIdName, new KeyDataViewType(typeof(uint), int.MaxValue), setId);
        builder.AddPrimitiveValue(TaskName, TextDataViewType.Instance, task.AsMemory());
        builder.AddPrimitiveValue(ValueName, TextDataViewType.Instance, value.AsMemory());
        if (isNormalized)
            builder.AddPrimitiveValue(NormalizedName, BooleanDataViewType.Instance, true);
        return builder;
    }
}
