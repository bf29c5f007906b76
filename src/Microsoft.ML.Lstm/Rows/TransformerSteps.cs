namespace Microsoft.ML.Lstm.Rows;

/// <summary>The steps of a model.</summary>
internal static class TransformerSteps
{
    /// <summary>All transformers of a chain, those of chains in it among them, in their order; of a model that is no chain, itself.</summary>
    public static IEnumerable<ITransformer> Of(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Of) : [model];
}
