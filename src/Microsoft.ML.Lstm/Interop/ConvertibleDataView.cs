using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>
/// A data view that one of our transformers made. <c>mlContext.Model.ConvertToOnnx</c> walks from view to view, and where one does not take part it silently leaves
/// out that one and all before it: hence each of ours takes part, and one that cannot be a graph says so.
/// </summary>
/// <param name="transformer">The transformer's name.</param>
/// <param name="source">The view that it was given.</param>
internal abstract class ConvertibleDataView(string transformer, IDataView source) : IDataView, ITransformCanSaveOnnx
{
    /// <inheritdoc/>
    public abstract DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public abstract bool CanShuffle { get; }

    IDataView IDataTransform.Source => source;

    /// <inheritdoc/>
    public abstract long? GetRowCount();

    /// <inheritdoc/>
    public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    /// <inheritdoc/>
    public abstract DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => Convert(new OnnxConversion(ctx, transformer, source));

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException(Invariant($"The data view of {transformer} was to be saved; expected the transformer itself, by mlContext.Model.Save."));

    /// <summary>Writes the added columns into the graph.</summary>
    /// <exception cref="NotSupportedException">They cannot be a graph; says why, and what can be done instead.</exception>
    protected abstract void Convert(OnnxConversion conversion);
}
