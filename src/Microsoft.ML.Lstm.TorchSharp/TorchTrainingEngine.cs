using Microsoft.ML.Lstm.Torch;
using Microsoft.ML.Lstm.Training;
using TorchSharp;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Makes engines that train by TorchSharp, on a CUDA device or the CPU. <see cref="TrainingEngine.Torch"/> is one with the defaults; an application that
/// references this package may set one of its own.
/// <para>In float32 outputs, losses and gradients are the managed engine's to 1e-4; dropout and gradient noise are drawn alike, but by libtorch's generator.
/// Same seed, same results on the same device with the same number of threads; on a GPU to rounding, since sums over repeated tokens have no fixed order there.
/// A GPU's random numbers come from libtorch's own generator, which is set before each step: two engines that train on GPUs at once disturb each other's.</para>
/// </summary>
public sealed class TorchTrainingEngine : TrainingEngine
{
    /// <summary>How the factors of matrix products are rounded. Default: not at all, float32.</summary>
    public TorchPrecision Precision { get; init; }

    /// <inheritdoc/>
    public override string Name => nameof(Torch);

    /// <summary>All; but layer normalisation and dropout on the recurrent state, which libtorch's fused layers do not have, cost many times their speed.</summary>
    public override EngineCapabilities Capabilities { get; } = new();

    /// <inheritdoc/>
    public override string? WhyUnavailable(EngineRequest request) => TorchRuntime.WhyUnavailable(request.GpuDeviceId);

    /// <inheritdoc/>
    protected override ITrainingEngine CreateEngine(EngineRequest request)
    {
        Guard.RequireArgument(Enum.IsDefined(Precision), nameof(Precision), Precision, Guard.OneOf<TorchPrecision>());
        torch.Device device = TorchRuntime.Device(request);
        return new TorchEngine(request.Network, request.Options, device, Precision, device.type == DeviceType.CPU ? 1 : TorchEngine.StepsBetweenReads);
    }
}
