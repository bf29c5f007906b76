using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>
/// Tells what the inputs of a window are when it is fitted. A scalar is a series of one value a step. A vector is a series of as many values a
/// step as it has slots, unless a vector can only be a whole window (its size varies) or the user says that it is one.
/// </summary>
internal sealed class WindowInputs(IExceptionContext context, WindowSettings settings)
{
    private const string InputRole = "input", LabelRole = "label input";
    private const string Expected = "Single or a vector of Single of known size, the values of a step";

    /// <summary>Refuses columns that are missing or of another type, as far as a shape without sizes tells.</summary>
    public void Check(SchemaShape schema)
    {
        foreach (string name in settings.InputColumnNames)
        {
            SchemaShape.Column column = SchemaMismatch.Find(context, schema, InputRole, name);
            if (column.IsKey || !column.ItemType.Equals(NumberDataViewType.Single))
                throw IllTyped(column.Name, column.Describe(), column.IsKey);
        }
        foreach (string name in settings.LabelInputColumnNames)
            if (SchemaMismatch.Find(context, schema, LabelRole, name) is var column && (column.Kind != VectorKind.Scalar || column.IsKey || !column.ItemType.Equals(NumberDataViewType.Single)))
                throw SchemaMismatch.IllTyped(context, LabelRole, name, "Single", column.Describe());
        if (settings.GroupColumnName is { } group)
            GroupReader.Check(context, schema, group);
        WindowTime.Check(context, schema, settings);
    }

    /// <summary>Reads off a schema what the inputs are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or it cannot be told what a vector is.</exception>
    public IReadOnlyList<WindowInput> Of(DataViewSchema schema)
    {
        DataViewSchema.Column[] columns = [.. settings.InputColumnNames.Select(name => SchemaMismatch.Find(context, schema, InputRole, name))];
        foreach (DataViewSchema.Column column in columns)
            if (!(column.Type is VectorDataViewType vector ? vector.ItemType : column.Type).Equals(NumberDataViewType.Single))
                throw IllTyped(column.Name, column.Type.ToString()!, (column.Type as VectorDataViewType)?.ItemType is KeyDataViewType || column.Type is KeyDataViewType);
        bool whole = AreWhole(columns);
        if (!whole)
            CheckSeries(schema);
        return [.. columns.Select(column => whole ? OfWhole(column) : OfSeries(column))];
    }

    private bool AreWhole(DataViewSchema.Column[] columns)
    {
        if (settings.WholeWindows is { } told)
            return told;
        if (settings.Horizon > 0)
            return false;
        if (columns.All(c => c.Type is VectorDataViewType { IsKnownSize: false }))
            return true;
        if (columns.All(c => c.Type is VectorDataViewType vector && (vector.Size == settings.WindowLength || (vector.Dimensions.Length == 2 && vector.Dimensions[0] == settings.WindowLength))))
            throw context.Process(new ArgumentOutOfRangeException("inputSchema",
                Invariant($"Schema mismatch for input column '{columns[0].Name}': {columns[0].Type} may be a whole window of {settings.WindowLength} steps in each row, or ")
                + "the values of one step; expected wholeWindows to say which, true or false, since windowLength and the vector's length are the same."));
        return false;
    }

    private void CheckSeries(DataViewSchema schema)
    {
        foreach (string name in settings.Horizon > 0 ? settings.LabelSources : [])
            if (SchemaMismatch.Find(context, schema, LabelRole, name).Type is var type && !type.Equals(NumberDataViewType.Single))
                throw SchemaMismatch.IllTyped(context, LabelRole, name, "Single (labelInputColumnName says which series the label is of)", type.ToString()!);
        if (settings.GroupColumnName is { } group)
            GroupReader.Find(context, schema, group);
        WindowTime.Check(context, schema, settings);
    }

    private WindowInput OfSeries(DataViewSchema.Column column) => column.Type is not VectorDataViewType vector ? new(column.Name, 1, false, [])
        : vector.IsKnownSize ? new(column.Name, vector.Size, true, SlotNames.Read(column))
        : throw IllTyped(column.Name, vector.ToString()!, isKey: false);

    private WindowInput OfWhole(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector || vector.Size % settings.WindowLength != 0)
            throw SchemaMismatch.IllTyped(context, InputRole, column.Name, Invariant($"a vector of whole windows of {settings.WindowLength} steps, since wholeWindows is true"), column.Type.ToString()!);
        int size = vector.IsKnownSize ? vector.Size / settings.WindowLength : 1;
        return new(column.Name, size, size > 1, []);
    }

    private Exception IllTyped(string name, string found, bool isKey) => SchemaMismatch.IllTyped(context, InputRole, name,
        isKey ? Invariant($"{Expected} (Conversion.MapKeyToVector(\"{name}\") makes one of each key)") : Expected, found);
}
