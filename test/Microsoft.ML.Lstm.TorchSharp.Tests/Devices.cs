namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>The devices that are here: the CPU, and the first GPU if there is one.</summary>
public static class Devices
{
    /// <summary>Values of <see cref="MLContext.GpuDeviceId"/>.</summary>
    public static IReadOnlyList<int?> Ids { get; } = TorchRuntime.WhyUnavailable(0) is null ? [null, 0] : [null];

    public static TheoryData<int?> All => [.. Ids];
}
