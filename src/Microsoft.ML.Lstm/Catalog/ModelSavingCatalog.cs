using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm;

/// <summary>Saving models so that a reader never sees half of one.</summary>
public static class ModelSavingCatalog
{
    /// <summary>
    /// Saves a model as <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/> does, but whole or not at all: under another name
    /// in the same folder, flushed to the disk, then renamed. Whatever happens, be it a full disk or a killed process, the file that was there stays as it
    /// was until the new one takes its place; a service that reloads it never finds half a model. ML.NET's own method writes in place.
    /// </summary>
    /// <param name="catalog">The model operations.</param>
    /// <param name="model">What to save.</param>
    /// <param name="inputSchema">The schema of its input; null: not saved.</param>
    /// <param name="filePath">The file; its folder must exist.</param>
    /// <exception cref="IOException">The disk is full, the folder missing, or the path a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    /// <example>
    /// <code><![CDATA[
    /// ITransformer windows = ml.Transforms.WindowSequence("Window", ["Temperature", "Load"], windowLength: 24).Fit(data);
    /// ml.Model.SaveAtomically(windows, data.Schema, "model.zip");
    /// ]]></code>
    /// </example>
    public static void SaveAtomically(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        AtomicFile.Write(filePath, stream => catalog.Save(model, inputSchema, stream));
    }
}
