namespace Microsoft.ML.Lstm;

/// <summary>What training minimises. Each is a mean over the outputs that count (see <see cref="LossSpec"/>).</summary>
public enum LossKind
{
    /// <summary>(y − t)². PyTorch's MSELoss.</summary>
    MeanSquaredError,

    /// <summary>|y − t|. PyTorch's L1Loss.</summary>
    MeanAbsoluteError,

    /// <summary>½(y − t)² within ±δ, δ(|y − t| − ½δ) outside. PyTorch's HuberLoss (Huber 1964).</summary>
    Huber,

    /// <summary>Pinball loss max(q(t − y), (q − 1)(t − y)) of each quantile q (Koenker and Bassett 1978); outputs are target-major, quantile-minor.</summary>
    Quantile,

    /// <summary>−log softmax(y)[class]. PyTorch's CrossEntropyLoss.</summary>
    SoftmaxCrossEntropy,

    /// <summary>−t log σ(y) − (1 − t) log(1 − σ(y)). PyTorch's BCEWithLogitsLoss.</summary>
    BinaryCrossEntropy,
}
