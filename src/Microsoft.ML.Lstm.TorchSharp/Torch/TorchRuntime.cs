using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Training;
using TorchSharp;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>Whether libtorch can be used here and on which devices: found out once, and told in one sentence that says what is missing.</summary>
internal static class TorchRuntime
{
    private static readonly Lazy<int> s_cudaDevices = new(CountCudaDevices);
    private static readonly Lazy<string?> s_failure = new(() => Explain(LoadLibrary()));

    /// <summary>Native libraries of TorchSharp for this platform.</summary>
    private static string Packages =>
        OperatingSystem.IsWindows() ? "TorchSharp-cpu or, for an NVIDIA GPU, TorchSharp-cuda-windows"
        : OperatingSystem.IsLinux() ? "TorchSharp-cpu or, for an NVIDIA GPU, TorchSharp-cuda-linux"
        : "TorchSharp-cpu";

    private static string CudaPackage =>
        OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : OperatingSystem.IsLinux() ? "TorchSharp-cuda-linux" : "none, as there is no CUDA on this platform";

    private static Version? Version => typeof(torch).Assembly.GetName().Version;

    /// <summary>What is missing; null: nothing.</summary>
    public static string? WhyUnavailable(int? gpuDeviceId)
    {
        // CUDA first: with its package the same library serves the CPU, and which is loaded first stays.
        int devices = gpuDeviceId is null ? 0 : s_cudaDevices.Value;
        if (s_failure.Value is { } failure)
            return failure;
        return gpuDeviceId is not { } id || (id >= 0 && id < devices) ? null : Invariant(
            $"GpuDeviceId is {id}; expected {(devices > 0 ? Invariant($"0 to {devices - 1}, the CUDA devices of this machine") : "null for the CPU, since libtorch finds no CUDA device: one needs an NVIDIA GPU with its driver, and the package " + CudaPackage)}.");
    }

    /// <summary>The device that is asked for, or the CPU where that will do.</summary>
    /// <exception cref="TrainingEngineUnavailableException">There is no such device, or no library.</exception>
    public static torch.Device Device(EngineRequest request)
    {
        if (WhyUnavailable(request.GpuDeviceId) is not { } why)
            return request.GpuDeviceId is { } id ? torch.device(DeviceType.CUDA, id) : torch.CPU;
        if (s_failure.Value is null && request.FallbackToCpu)
            return torch.CPU;
        throw new TrainingEngineUnavailableException(s_failure.Value is null ? why + " FallbackToCpu is false." : why);
    }

    /// <summary>The cause in what the operating system's loader said, and what to do; null: there was none.</summary>
    internal static string? Explain(string? loaderMessage)
    {
        if (loaderMessage is null)
            return null;
        string[] lines = [.. loaderMessage.Split('\n').Select(line => line.Trim())];
        string cause = lines.FirstOrDefault(line => line.Contains("' not found", StringComparison.Ordinal)) ?? lines.FirstOrDefault(IsMissingDependency) ?? lines[0];
        string beginning = Invariant($"The native library of TorchSharp {Version?.ToString(3)} does not load ({cause})");
        return cause.Contains("GLIBC", StringComparison.Ordinal)
            ? beginning + "; expected a newer C++ library (libstdc++ of GCC 13, as in Ubuntu 24.04 and Debian 13) or C library than this system's. TrainingEngine.Managed needs neither."
            : Invariant($"{beginning}; expected libtorch beside it, which the package {Packages} of that version brings. TrainingEngine.Managed needs none.");
    }

    // The loader tries the library under several names, and says of each but one that there is no such file.
    private static bool IsMissingDependency(string line) =>
        line.Contains("Library not loaded", StringComparison.Ordinal)
        || (line.Contains("cannot open shared object file", StringComparison.Ordinal) && !line.Contains("LibTorchSharp", StringComparison.Ordinal));

    // Of CUDA alone: whether libtorch loads at all is asked separately, since what CUDA lacks says nothing of the CPU.
    private static int CountCudaDevices()
    {
        try
        {
            return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return 0;
        }
    }

    /// <summary>Loads libtorch; what the loader says when it cannot.</summary>
    private static string? LoadLibrary()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            torch.get_num_threads();
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return LoaderMessage() ?? e.GetBaseException().Message;
        }
    }

    // TorchSharp's own message says what it tried, not what the loader found wrong.
    private static string? LoaderMessage()
    {
        try
        {
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message;
        }
    }
}
