using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>
/// A data view that one of our transformers made. <c>mlContext.Model.ConvertToOnnx</c> walks from view to view, and where one does not take
/// part it silently leaves out that one and all before it: hence each of ours takes part, and one that cannot be a graph says so.
/// </summary>
/// <param name="transformer">The transformer's name.</param>
/// <param name="source">The view that it was given.</param>
/// <param name="result">The view that it made, which gives the rows.</param>
/// <param name="convert">Writes the added columns into the graph, or throws what <see cref="OnnxConversion.Refusal"/> gives.</param>
internal sealed class ConvertibleDataView(string transformer, IDataView source, IDataView result, Action<OnnxConversion> convert)
    : ITransformCanSaveOnnx
{
    public DataViewSchema Schema => result.Schema;

    public bool CanShuffle => result.CanShuffle;

    IDataView IDataTransform.Source => source;

    public long? GetRowCount() => result.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        result.GetRowCursor(columnsNeeded, rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        result.GetRowCursorSet(columnsNeeded, n, rand);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => convert(new OnnxConversion(ctx, transformer, source));

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException(Invariant($"The data view of {transformer} was to be saved; expected the transformer itself, by mlContext.Model.Save."));
}
