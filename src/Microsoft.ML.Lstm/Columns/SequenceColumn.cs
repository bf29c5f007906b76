using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// What a feature column is, sequence by sequence: <c>Vector&lt;Single, T, F&gt;</c> is T steps of F numbers, <c>Vector&lt;Single, T&gt;</c>
/// T steps of one (or of <c>StepSize</c>), <c>Vector&lt;Single&gt;</c> as many steps as the row has, a vector of keys tokens. Saved with the model.
/// </summary>
internal sealed record SequenceColumn
{
    private const string Role = "feature";
    private const string Expected = "Vector<Single, steps, features>, Vector<Single> or a vector of keys";

    /// <summary>Name of the column.</summary>
    public required string Name { get; init; }

    /// <summary>Numbers per step; 0 when a step is a token.</summary>
    public int StepSize { get; init; }

    /// <summary>Number of distinct tokens, the unknown one (0) included; 0 when a step is numbers.</summary>
    public int VocabularySize { get; init; }

    /// <summary>Steps of every sequence; null when sequences vary.</summary>
    public int? StepCount { get; init; }

    /// <summary>Whether a step is a token.</summary>
    [JsonIgnore]
    public bool IsTokens => VocabularySize > 0;

    /// <summary>Refuses a column that is missing or no sequence, as far as a shape without sizes tells.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, Role, name);
        if (column.Kind == VectorKind.Scalar || !(column.IsKey || column.ItemType.Equals(NumberDataViewType.Single)))
            throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Describe());
    }

    /// <summary>Reads off a schema what the column is.</summary>
    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="name">Name of the column.</param>
    /// <param name="stepSize">Numbers per step; null: the vector's last of two dimensions, else 1.</param>
    public static SequenceColumn Of(IExceptionContext context, DataViewSchema schema, string name, int? stepSize)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, Role, name);
        if (column.Type is not VectorDataViewType vector || !(vector.ItemType is KeyDataViewType || vector.ItemType.Equals(NumberDataViewType.Single)))
            throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Type.ToString()!);
        int? size = vector.IsKnownSize ? vector.Size : null;
        if (vector.ItemType is KeyDataViewType key)
            return new SequenceColumn { Name = name, VocabularySize = checked((int)key.Count + 1), StepCount = size };
        int last = vector.Dimensions.Length == 2 ? vector.Dimensions[1] : 0, step = stepSize ?? (last > 0 ? last : 1);
        if (vector.Dimensions.Length > 2 || (last > 0 && step != last) || size % step > 0)
            throw SchemaMismatch.IllTyped(context, Role, name, $"a vector of steps of {step}", vector.ToString()!);
        return new SequenceColumn { Name = name, StepSize = step, StepCount = size / step };
    }

    /// <summary>Refuses, before any row is scored, a column that is not what the network was trained on.</summary>
    public DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema)
    {
        SequenceColumn found = Of(context, schema, Name, IsTokens ? null : StepSize);
        bool fits = found.IsTokens == IsTokens && found.VocabularySize == VocabularySize
            && (StepCount is null || found.StepCount is null || found.StepCount == StepCount);
        DataViewSchema.Column column = schema[Name];
        return fits ? column : throw SchemaMismatch.IllTyped(context, Role, Name, ToString(), column.Type.ToString()!);
    }

    /// <summary>The type, as ML.NET writes it.</summary>
    public override string ToString() => IsTokens
        ? $"a vector of {(StepCount is { } tokens ? $"{tokens} " : "")}keys of {VocabularySize - 1} values"
        : $"Vector<Single, {(StepCount is { } steps ? steps : "*")}, {StepSize}>";
}
