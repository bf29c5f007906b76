namespace Microsoft.ML.Lstm.Network;

/// <summary>One named tensor inside the parameter block, row-major, in PyTorch's shape and gate order.</summary>
/// <param name="Name">PyTorch's name, such as <c>rnn.weight_ih_l0_reverse</c> or <c>output.bias</c>.</param>
/// <param name="Shape">Rows and columns, or one length.</param>
/// <param name="Offset">First element in the block.</param>
/// <param name="Length">Number of elements.</param>
public sealed record ParameterSlice(string Name, IReadOnlyList<int> Shape, int Offset, int Length);
