namespace Microsoft.ML.Lstm;

/// <summary>How <see cref="TorchTrainingEngine"/> rounds the factors of matrix products. Sums, weights, moments, losses and everything saved are float32.</summary>
public enum TorchPrecision
{
    /// <summary>Not at all: float32, within 1e-4 of the managed engine.</summary>
    Float32,

    /// <summary>To TF32, 10 bits of mantissa, on NVIDIA GPUs since Ampere; the CPU and older GPUs keep float32.</summary>
    TensorFloat32,

    /// <summary>
    /// To bfloat16, 7 bits of mantissa and float32's range, in recurrent layers and in linear layers but the skip of a forecaster: the fastest on GPUs
    /// since Ampere. A recurrent layer's state between steps is bfloat16 too. Layers that run step by step, with layer normalisation or recurrent dropout,
    /// keep float32.
    /// </summary>
    BFloat16,
}
