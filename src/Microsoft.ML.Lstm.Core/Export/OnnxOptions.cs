namespace Microsoft.ML.Lstm;

/// <summary>What a model that is saved as ONNX takes and gives besides its sequences and predictions.</summary>
public sealed record OnnxOptions
{
    /// <summary>
    /// Whether sequences of one batch may differ in length: the graph then has a further input, <c>sequence_lens</c>, int32 [batch], with
    /// the steps of each. What a shorter one holds after its end is not read, and outputs there mean nothing. Default: false, all are of
    /// one length, which any call is free to choose.
    /// </summary>
    public bool VariableLengths { get; init; }

    /// <summary>
    /// Whether a sequence can be read piece by piece: the graph then gives the state after its last step, and takes one to begin with. Of
    /// layer k they are <c>final_h_l{k}</c> and <c>initial_h_l{k}</c>, float [1, batch, units], and for the LSTM <c>final_c_l{k}</c> and
    /// <c>initial_c_l{k}</c>. Inputs that are left out are the model's own initial state. A language model then reads no end of a row
    /// before its tokens. Default: false.
    /// </summary>
    public bool WithState { get; init; }
}
