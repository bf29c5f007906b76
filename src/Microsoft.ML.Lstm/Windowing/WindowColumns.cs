using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Finds a window's input columns in a schema and says what comes out of them.</summary>
/// <param name="Context">Where an exception is said to come from.</param>
/// <param name="Settings">The window.</param>
internal sealed record WindowColumns(IExceptionContext Context, WindowSettings Settings)
{
    private const string InputRole = "input", LabelRole = "label input", GroupRole = "group";

    /// <summary>Checks the inputs' shapes. True: scalar series to slide over; false: vectors that are windows already.</summary>
    public bool AreSeries(SchemaShape schema)
    {
        bool first = SchemaMismatch.Find(Context, schema, InputRole, Settings.InputColumnNames[0]).Kind == VectorKind.Scalar;
        foreach (string name in Settings.InputColumnNames)
            CheckInput(SchemaMismatch.Find(Context, schema, InputRole, name), InputRole, first);
        if (!first)
            return false;
        if (Settings.LabelInputColumnName is { } label)
            CheckInput(SchemaMismatch.Find(Context, schema, LabelRole, label), LabelRole, isSeries: true);
        if (Settings.GroupColumnName is { } group)
        {
            SchemaShape.Column column = SchemaMismatch.Find(Context, schema, GroupRole, group);
            if (column.Kind != VectorKind.Scalar || !GroupReader.CanRead(column.ItemType))
                throw SchemaMismatch.IllTyped(Context, GroupRole, group, GroupReader.Expected, column.Describe());
        }
        return true;
    }

    /// <summary>The shape that comes out.</summary>
    public SchemaShape Extend(SchemaShape schema)
    {
        var annotated = new SchemaShape([WindowAnnotations.Shape]);
        SchemaShape.Column window = SchemaShapes.Column(Settings.OutputColumnName, VectorKind.Vector, NumberDataViewType.Single, annotations: annotated);
        if (!AreSeries(schema) || Settings.LabelColumnName is not { } label)
            return schema.With(window);
        return schema.With(window, Settings.Horizon == 1
            ? SchemaShapes.Column(label, VectorKind.Scalar, NumberDataViewType.Single, annotations: annotated)
            : SchemaShapes.Column(label, VectorKind.Vector, NumberDataViewType.Single, annotations: new SchemaShape([SlotNames.Shape, WindowAnnotations.Shape])));
    }

    /// <summary>Checks the input columns. True: scalar series to slide over; false: vectors that are windows already.</summary>
    public bool AreSeries(DataViewSchema schema)
    {
        bool series = SchemaMismatch.Find(Context, schema, InputRole, Settings.InputColumnNames[0]).Type is not VectorDataViewType;
        foreach (string name in Settings.InputColumnNames)
        {
            DataViewSchema.Column column = SchemaMismatch.Find(Context, schema, InputRole, name);
            bool fits = series
                ? column.Type.Equals(NumberDataViewType.Single)
                : column.Type is VectorDataViewType vector && vector.ItemType.Equals(NumberDataViewType.Single)
                    && (!vector.IsKnownSize || vector.Size == Settings.WindowLength);
            if (!fits)
                throw SchemaMismatch.IllTyped(Context, InputRole, name, Expected(series, name), column.Type.ToString()!);
        }
        if (!series)
            return false;
        if (Settings.LabelInputColumnName is { } label && SchemaMismatch.Find(Context, schema, LabelRole, label).Type is var labelType && !labelType.Equals(NumberDataViewType.Single))
            throw SchemaMismatch.IllTyped(Context, LabelRole, label, "Single", labelType.ToString()!);
        if (Settings.GroupColumnName is { } group && SchemaMismatch.Find(Context, schema, GroupRole, group).Type is var groupType && !GroupReader.CanRead(groupType))
            throw SchemaMismatch.IllTyped(Context, GroupRole, group, GroupReader.Expected, groupType.ToString()!);
        return true;
    }

    /// <summary>The column of windows: [T, F].</summary>
    public DataViewSchema.DetachedColumn Window() => new(
        Settings.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, Settings.WindowLength, Settings.InputColumnNames.Count), Annotations([]));

    /// <summary>The columns that come out of series: windows, and labels if asked for.</summary>
    public IReadOnlyList<DataViewSchema.DetachedColumn> WindowAndLabel() => Settings.LabelColumnName is not { } label ? [Window()]
        : Settings.Horizon == 1 ? [Window(), new(label, NumberDataViewType.Single, Annotations([]))]
        : [Window(), new(label, new VectorDataViewType(NumberDataViewType.Single, Settings.Horizon), Annotations([.. StepNames()]))];

    private DataViewSchema.Annotations Annotations(IReadOnlyList<string> slotNames)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (slotNames.Count > 0)
            SlotNames.AddTo(builder, slotNames);
        WindowAnnotations.AddTo(builder, new WindowAnnotation
        {
            WindowColumnName = Settings.OutputColumnName,
            FeatureIndices = Settings.Horizon > 0 ? [Settings.InputColumnNames.ToList().IndexOf(Settings.LabelSource)] : [],
            RowSize = Settings.InputColumnNames.Count,
            WindowLength = Settings.WindowLength,
            Horizon = Settings.Horizon,
            Stride = Settings.Stride,
            GroupColumnName = Settings.GroupColumnName,
        });
        return builder.ToAnnotations();
    }

    private IEnumerable<string> StepNames() => Enumerable.Range(1, Settings.Horizon).Select(step => Invariant($"{Settings.LabelColumnName}+{step}"));

    private void CheckInput(SchemaShape.Column column, string role, bool isSeries)
    {
        if (column.IsKey || !column.ItemType.Equals(NumberDataViewType.Single) || column.Kind == VectorKind.Scalar != isSeries)
            throw SchemaMismatch.IllTyped(Context, role, column.Name, Expected(isSeries, column.Name), column.Describe());
    }

    private string Expected(bool series, string name)
    {
        string window = Invariant($"Vector<Single, {Settings.WindowLength}>, one window");
        return name == Settings.InputColumnNames[0] ? Invariant($"Single, a series, or {window}") : series ? "Single, as the first input" : Invariant($"{window}, as the first input");
    }
}
