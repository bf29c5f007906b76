using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>From a batch to the raw outputs.</summary>
internal interface ITorchNetwork
{
    /// <summary>Runs the network.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="carried">The state to begin in and to leave behind; null: none is carried.</param>
    /// <param name="draws">Dropout, for training; null: none.</param>
    /// <returns>[B, O], or [N, O] where every step has an output.</returns>
    Tensor Forward(DeviceBatch batch, CarriedState? carried, DropoutDraws? draws);
}
