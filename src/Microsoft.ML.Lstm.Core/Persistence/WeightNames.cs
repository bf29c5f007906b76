namespace Microsoft.ML.Lstm;

/// <summary>
/// What the modules of a PyTorch network are called in its state dict, where that cannot be told from names and shapes: the beginning of
/// their tensors' names, such as <c>"lstm"</c> of <c>lstm.weight_ih_l0</c>. Null: found in the file.
/// </summary>
public sealed record WeightNames
{
    /// <summary>The <c>torch.nn.LSTM</c>, <c>GRU</c> or <c>RNN</c>; or one for each layer, where they are modules of their own.</summary>
    public IReadOnlyList<string>? Recurrent { get; init; }

    /// <summary>The last <c>torch.nn.Linear</c>.</summary>
    public string? Output { get; init; }

    /// <summary>The <c>torch.nn.Embedding</c>.</summary>
    public string? Embedding { get; init; }
}
