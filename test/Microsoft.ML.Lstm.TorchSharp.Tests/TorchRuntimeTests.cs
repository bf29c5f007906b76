namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>What is said where libtorch does not load.</summary>
public sealed class TorchRuntimeTests
{
    [Fact]
    public void Explain_OldCppLibrary_SaysThatItIsTooOld()
    {
        string message = TorchRuntime.Explain("""
            Unable to load shared library 'LibTorchSharp' or one of its dependencies.
            /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)
            /app/LibTorchSharp.so: cannot open shared object file: No such file or directory
            """)!;

        Assert.Contains("version `GLIBCXX_3.4.32' not found", message);
        Assert.Contains("expected a newer C++ library", message);
        Assert.DoesNotContain("TorchSharp-cpu", message);
    }

    [Fact]
    public void Explain_NoLibtorch_NamesThePackagesOfThePlatform()
    {
        string message = TorchRuntime.Explain("""
            Unable to load shared library 'LibTorchSharp' or one of its dependencies.
            libtorch.so: cannot open shared object file: No such file or directory
            /app/LibTorchSharp.so: cannot open shared object file: No such file or directory
            """)!;

        Assert.Contains("libtorch.so: cannot open shared object file", message);
        Assert.Contains("TorchSharp-cpu", message);
        Assert.Equal(OperatingSystem.IsLinux(), message.Contains("TorchSharp-cuda-linux", StringComparison.Ordinal));
        Assert.Contains("Managed needs none", message);
    }

    [Fact]
    public void WhyUnavailable_OnThisMachine_IsNothingForTheCpu()
    {
        Assert.Null(TorchRuntime.WhyUnavailable(null));
        Assert.Contains("GpuDeviceId is -1; expected ", TorchRuntime.WhyUnavailable(-1));
    }
}
