using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>One recurrent layer, or several of one width, in one direction or two.</summary>
internal interface IRecurrentLevel : IDisposable
{
    /// <summary>The first of its layers, from 0.</summary>
    int FirstLayer { get; }

    int LayerCount { get; }

    int Directions { get; }

    /// <summary>H.</summary>
    int Units { get; }

    /// <summary>The weights.</summary>
    WeightBlock Block { get; }

    /// <summary>cuDNN keeps what the backward pass needs only when it is told so.</summary>
    void SetTraining(bool isTraining);

    /// <summary>Runs the layers over sequences.</summary>
    /// <param name="batch">How rows make sequences.</param>
    /// <param name="rows">What the first layer reads, [N, W].</param>
    /// <param name="initial">h and for LSTM cells c before the first step, [layers · directions, B, H].</param>
    /// <param name="draws">Dropout; null: none.</param>
    /// <returns>The last layer's outputs, [N, directions · H], and the final state.</returns>
    (Tensor Rows, LayerState Final) Run(DeviceBatch batch, Tensor rows, LayerState initial, DropoutDraws? draws);

    /// <summary>
    /// One step of each row by itself, in one direction: [R, W] to [R, H]. Dropout on the state is the same for <paramref name="together"/>
    /// rows after one another.
    /// </summary>
    Tensor RunStep(Tensor rows, LayerState initial, int together, DropoutDraws? draws);
}
