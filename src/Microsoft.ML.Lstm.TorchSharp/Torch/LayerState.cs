using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>The recurrent state of a level's layers, [layers · directions, B, H] each; c of LSTM cells alone.</summary>
internal readonly record struct LayerState(Tensor H, Tensor? C)
{
    /// <summary>The values without their history, beyond the dispose scope.</summary>
    public LayerState Keep() => new(H.detach().DetachFromDisposeScope(), C?.detach().DetachFromDisposeScope());

    /// <summary>The values in another type.</summary>
    public LayerState To(ScalarType type) => new(H.to(type), C?.to(type));

    /// <summary>Frees what was kept.</summary>
    public void Free()
    {
        H.Dispose();
        C?.Dispose();
    }
}
