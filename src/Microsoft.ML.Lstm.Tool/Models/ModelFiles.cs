using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tool.Models;

/// <summary>Opens models that were saved.</summary>
internal static class ModelFiles
{
    /// <summary>Loads a model and the schema of the rows that it reads.</summary>
    /// <exception cref="ToolException">There is no such file, or it is no model.</exception>
    public static (ITransformer Model, DataViewSchema? Input) Load(MLContext ml, string path)
    {
        if (!File.Exists(path))
            throw new ToolException($"There is no file '{path}'; expected a model that mlContext.Model.Save or lstm has written.");
        try
        {
            ITransformer model = ml.Model.Load(path, out DataViewSchema input);
            return (model, input);
        }
        // A file from a stranger can fail in any way that ML.NET's own loaders have.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new ToolException($"'{path}' is no model that can be loaded: {e.Message}", e);
        }
    }

    /// <summary>The transformers of a model, those of chains one by one.</summary>
    public static IEnumerable<ITransformer> Parts(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];

    /// <summary>The transformer of a kind.</summary>
    /// <exception cref="ToolException">The model has none.</exception>
    public static T Find<T>(ITransformer model, string path, string what)
        where T : class, ITransformer => Parts(model).OfType<T>().LastOrDefault()
        ?? throw new ToolException($"'{path}' is a model of {string.Join(", ", Parts(model).Select(part => part.GetType().Name))}; expected {what}.");
}
