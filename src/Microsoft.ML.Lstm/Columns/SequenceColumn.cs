using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// What a column of sequences is: <c>Vector&lt;Single, T, F&gt;</c> is T steps of F numbers, <c>Vector&lt;Single, T&gt;</c>
/// T steps of one (or of <c>StepSize</c>), <c>Vector&lt;Single&gt;</c> as many steps as the row has, a vector of keys tokens. Saved with the model.
/// </summary>
internal sealed record SequenceColumn
{
    private const string FeatureRole = "feature";
    private const string TokenRole = "token";
    private const string ExpectedFeatures = "Vector<Single, steps, features>, Vector<Single> or a vector of keys";
    private const string ExpectedTokens = "a vector of keys";

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
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, FeatureRole, name);
        if (column.Kind == VectorKind.Scalar || !(column.IsKey || column.ItemType.Equals(NumberDataViewType.Single)))
            throw SchemaMismatch.IllTyped(context, FeatureRole, name, ExpectedFeatures, column.Describe());
    }

    /// <summary>Refuses a column that is missing or not tokens, as far as a shape without sizes tells.</summary>
    public static void CheckTokens(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, TokenRole, name);
        if (column.Kind == VectorKind.Scalar || !column.IsKey)
            throw SchemaMismatch.IllTyped(context, TokenRole, name, ExpectedTokens, column.Describe());
    }

    /// <summary>Reads off a schema what the column is.</summary>
    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="name">Name of the column.</param>
    /// <param name="stepSize">Numbers per step; null: the vector's last of two dimensions, else 1.</param>
    public static SequenceColumn Of(IExceptionContext context, DataViewSchema schema, string name, int? stepSize)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, FeatureRole, name);
        return column.Type switch
        {
            VectorDataViewType { ItemType: KeyDataViewType key } vector => OfKeys(context, FeatureRole, column, vector, key),
            VectorDataViewType vector when vector.ItemType.Equals(NumberDataViewType.Single) => OfNumbers(context, name, vector, stepSize),
            _ => throw SchemaMismatch.IllTyped(context, FeatureRole, name, ExpectedFeatures, column.Type.ToString()!),
        };
    }

    /// <summary>Reads off a schema what a column of tokens is.</summary>
    public static SequenceColumn OfTokens(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, TokenRole, name);
        return column.Type is VectorDataViewType { ItemType: KeyDataViewType key } vector
            ? OfKeys(context, TokenRole, column, vector, key)
            : throw SchemaMismatch.IllTyped(context, TokenRole, name, ExpectedTokens, column.Type.ToString()!);
    }

    /// <summary>Refuses, before any row is scored, a column that is not what the network was trained on.</summary>
    public DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema) =>
        Require(context, FeatureRole, schema, Of(context, schema, Name, IsTokens ? null : StepSize));

    /// <summary>As <see cref="Find"/>, of a column of tokens beside another.</summary>
    public DataViewSchema.Column FindTokens(IExceptionContext context, DataViewSchema schema) =>
        Require(context, TokenRole, schema, OfTokens(context, schema, Name));

    /// <summary>The type, as ML.NET writes it.</summary>
    public override string ToString() => IsTokens
        ? Invariant($"a vector of {(StepCount is { } tokens ? Invariant($"{tokens} ") : "")}keys of {VocabularySize - 1} values")
        : Invariant($"Vector<Single, {(StepCount is { } steps ? steps : "*")}, {StepSize}>");

    private DataViewSchema.Column Require(IExceptionContext context, string role, DataViewSchema schema, SequenceColumn found)
    {
        bool fits = found.VocabularySize == VocabularySize && (StepCount is null || found.StepCount is null || found.StepCount == StepCount);
        DataViewSchema.Column column = schema[Name];
        return fits ? column : throw SchemaMismatch.IllTyped(context, role, Name, ToString(), column.Type.ToString()!);
    }

    private static SequenceColumn OfKeys(IExceptionContext context, string role, DataViewSchema.Column column, VectorDataViewType vector, KeyDataViewType key) => new()
    {
        Name = column.Name,
        VocabularySize = KeyCardinality.Of(context, role, column, key) + 1,
        StepCount = vector.IsKnownSize ? vector.Size : null,
    };

    private static SequenceColumn OfNumbers(IExceptionContext context, string name, VectorDataViewType vector, int? stepSize)
    {
        int? size = vector.IsKnownSize ? vector.Size : null;
        int last = vector.Dimensions.Length == 2 ? vector.Dimensions[1] : 0, step = stepSize ?? (last > 0 ? last : 1);
        if (vector.Dimensions.Length > 2 || (last > 0 && step % last > 0) || size % step > 0)
            throw SchemaMismatch.IllTyped(context, FeatureRole, name, Invariant($"a vector of steps of {step}"), vector.ToString()!);
        return new SequenceColumn { Name = name, StepSize = step, StepCount = size / step };
    }
}
