using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>A fitted window: finds its input columns in a schema and says what comes out of them.</summary>
/// <param name="Host">Where exceptions and warnings are said to come from.</param>
/// <param name="Settings">The window; with a time column its time step is known.</param>
/// <param name="Inputs">What the input columns are.</param>
internal sealed record WindowColumns(IHost Host, WindowSettings Settings, IReadOnlyList<WindowInput> Inputs)
{
    private const string InputRole = "input";

    /// <summary>F, values per step.</summary>
    public int RowSize { get; } = Inputs.Sum(input => input.Size);

    /// <summary>The shape that comes out of a shape whose inputs were checked.</summary>
    public static SchemaShape Extend(SchemaShape schema, WindowSettings settings)
    {
        var annotated = new SchemaShape([SlotNames.Shape, WindowAnnotations.Shape]);
        SchemaShape.Column window = SchemaShapes.Column(settings.OutputColumnName, VectorKind.Vector, NumberDataViewType.Single, annotations: annotated);
        if (settings.LabelColumnName is not { } label)
            return schema.With(window);
        return schema.With(window, settings.LabelSize == 1
            ? SchemaShapes.Column(label, VectorKind.Scalar, NumberDataViewType.Single, annotations: new SchemaShape([WindowAnnotations.Shape]))
            : SchemaShapes.Column(label, VectorKind.Vector, NumberDataViewType.Single, annotations: annotated));
    }

    /// <summary>Checks the input columns. True: series to slide over; false: vectors that are windows already.</summary>
    public bool AreSeries(DataViewSchema schema)
    {
        bool series = IsSeries(SchemaMismatch.Find(Host, schema, InputRole, Inputs[0].Name), Inputs[0]);
        foreach (WindowInput input in Inputs)
        {
            DataViewSchema.Column column = SchemaMismatch.Find(Host, schema, InputRole, input.Name);
            if (series ? !IsSeries(column, input) : !IsWhole(column, input))
                throw SchemaMismatch.IllTyped(Host, InputRole, input.Name, Expected(series, input), column.Type.ToString()!);
        }
        if (!series)
            return false;
        foreach (string label in Settings.Horizon > 0 ? Settings.LabelSources : [])
            if (SchemaMismatch.Find(Host, schema, "label input", label).Type is var type && !type.Equals(NumberDataViewType.Single))
                throw SchemaMismatch.IllTyped(Host, "label input", label, "Single", type.ToString()!);
        if (Settings.GroupColumnName is { } group)
            GroupReader.Find(Host, schema, group);
        WindowTime.Check(Host, schema, Settings);
        return true;
    }

    /// <summary>Whether each row has whole windows, as far as the first input tells.</summary>
    public bool MayBeWhole(DataViewSchema schema) =>
        IsWhole(SchemaMismatch.Find(Host, schema, InputRole, Inputs[0].Name), Inputs[0]);

    /// <summary>The column of windows: [T, F].</summary>
    public DataViewSchema.DetachedColumn Window() => new(
        Settings.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, Settings.WindowLength, RowSize), Annotations(Settings.WindowLength * RowSize, WindowSlots));

    /// <summary>The columns that come out of series: windows, and labels if asked for.</summary>
    public IReadOnlyList<DataViewSchema.DetachedColumn> WindowAndLabel() =>
        Settings.LabelColumnName is { } label ? [Window(), new(label, LabelType, Annotations(Settings.LabelSize == 1 ? 0 : Settings.LabelSize, LabelSlots))] : [Window()];

    /// <summary>A type that holds a whole window in each row, as a user would declare it.</summary>
    public string WholeWindow(WindowInput input) => Invariant($"Vector<Single, {Settings.WindowLength * (long)input.Size}>");

    private DataViewType LabelType => Settings.LabelSize == 1 ? NumberDataViewType.Single
        : Settings.LabelSources.Count == 1 ? new VectorDataViewType(NumberDataViewType.Single, Settings.Horizon)
        : new VectorDataViewType(NumberDataViewType.Single, Settings.Horizon, Settings.LabelSources.Count);

    private static bool IsSeries(DataViewSchema.Column column, WindowInput input) => input.IsVector
        ? column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.Size == input.Size && vector.ItemType.Equals(NumberDataViewType.Single)
        : column.Type.Equals(NumberDataViewType.Single);

    private bool IsWhole(DataViewSchema.Column column, WindowInput input) => column.Type is VectorDataViewType vector
        && vector.ItemType.Equals(NumberDataViewType.Single) && (!vector.IsKnownSize || vector.Size == Settings.WindowLength * (long)input.Size);

    private DataViewSchema.Annotations Annotations(int slots, Func<IEnumerable<string>> names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (slots > 0)
            SlotNames.AddTo(builder, slots, names);
        string[] places = [.. Inputs.SelectMany(input => Enumerable.Repeat(input.IsVector ? "" : input.Name, input.Size))];
        WindowAnnotations.AddTo(builder, new WindowAnnotation
        {
            WindowColumnName = Settings.OutputColumnName,
            FeatureIndices = Settings.Horizon > 0 ? [.. Settings.LabelSources.Select(name => Array.IndexOf(places, name))] : [],
            RowSize = RowSize,
            WindowLength = Settings.WindowLength,
            Horizon = Settings.Horizon,
            Stride = Settings.Stride,
            GroupColumnName = Settings.GroupColumnName,
            TimeColumnName = Settings.TimeColumnName,
        });
        return builder.ToAnnotations();
    }

    // "Value-2" is the value two steps before the window's last.
    private IEnumerable<string> WindowSlots()
    {
        string[] names = [.. Inputs.SelectMany(input => Enumerable.Range(0, input.Size).Select(input.NameOf))];
        return Enumerable.Range(1, Settings.WindowLength).SelectMany(step => names.Select(name => Invariant($"{name}-{Settings.WindowLength - step}")));
    }

    private IEnumerable<string> LabelSlots() => Enumerable.Range(1, Settings.Horizon).SelectMany(step => Settings.LabelSources.Select(source =>
        Invariant($"{(Settings.LabelSources.Count == 1 ? Settings.LabelColumnName : source)}+{step}")));

    private string Expected(bool series, WindowInput input)
    {
        string row = input.IsVector ? Invariant($"Vector<Single, {input.Size}>, the values of a step") : "Single, a series";
        string window = Invariant($"{WholeWindow(input)}, one window");
        return input.Name == Inputs[0].Name ? Invariant($"{row}, or {window}") : series ? Invariant($"{row}, as the first input is a series") : Invariant($"{window}, as the first input");
    }
}
