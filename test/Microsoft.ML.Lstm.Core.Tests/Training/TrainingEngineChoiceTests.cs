using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>Which engine an option comes to, here, where the package of the Torch engine is not.</summary>
public sealed class TrainingEngineChoiceTests
{
    private static readonly EngineRequest Wide = new(new() { InputSize = 8, HiddenSizes = [256], OutputSize = 1 }, Plain.Engine) { GpuDeviceId = 0 };

    [Fact]
    public void Torch_WithoutItsPackage_NamesThePackages()
    {
        TrainingEngine torch = TrainingEngine.Torch;

        Assert.Equal("Torch", torch.Name);
        foreach (Action use in (Action[])[() => torch.Create(Wide), () => _ = torch.Capabilities])
        {
            var error = Assert.Throws<TrainingEngineUnavailableException>(use);
            Assert.Contains("TrainingEngine is Torch, whose package Microsoft.ML.Lstm.TorchSharp is not in this application; expected a reference to it, and to TorchSharp-cpu", error.Message);
            Assert.Equal(error.Message, torch.WhyUnavailable(Wide));
        }
    }

    [Fact]
    public void Auto_WithoutThePackage_IsTheManagedEngine()
    {
        Assert.Null(TrainingEngine.Auto.WhyUnavailable(Wide));
        using ITrainingEngine engine = TrainingEngine.Auto.Create(Wide);
        Assert.IsType<ManagedEngine>(engine);
    }

    [Fact]
    public void Auto_CpuWillNotDo_AsksTheTorchEngineWhichSaysWhatIsMissing()
    {
        EngineRequest request = Wide with { FallbackToCpu = false };

        var error = Assert.Throws<TrainingEngineUnavailableException>(() => TrainingEngine.Auto.Create(request));

        Assert.Equal(TrainingEngine.Auto.WhyUnavailable(request), error.Message);
    }

    [Fact]
    public void Choose_GpuThereAndEnoughToDo_IsTorchAndOtherwiseManaged()
    {
        var there = new Pretended();
        Assert.Same(there, AutoTrainingEngine.Choose(Wide, there));

        Assert.Same(TrainingEngine.Managed, AutoTrainingEngine.Choose(Wide with { GpuDeviceId = null }, there));
        Assert.Same(TrainingEngine.Managed, AutoTrainingEngine.Choose(Wide, new Pretended { Missing = "no device" }));
        Assert.Same(TrainingEngine.Managed, AutoTrainingEngine.Choose(Wide with { Network = Wide.Network with { HiddenSizes = [64] } }, there));
        Assert.Same(TrainingEngine.Managed, AutoTrainingEngine.Choose(Wide with { Network = Wide.Network with { Cell = CellKind.Gru } }, there));
        // Many narrow layers are as much to do as one wide one.
        Assert.Same(there, AutoTrainingEngine.Choose(Wide with { Network = Wide.Network with { HiddenSizes = [96, 96, 96] } }, there));
        Assert.Same(there, AutoTrainingEngine.Choose(Wide with { Network = Wide.Network with { HiddenSizes = [2] }, FallbackToCpu = false }, there));
    }

    [Fact]
    public void EngineOnDevice_Request_HasTheDevice()
    {
        var inner = new Pretended();
        var onDevice = new EngineOnDevice(inner, gpuDeviceId: 3, fallbackToCpu: false);

        Assert.Equal((inner.Name, inner.Capabilities), (onDevice.Name, onDevice.Capabilities));
        Assert.Throws<NotImplementedException>(() => onDevice.Create(Wide with { GpuDeviceId = null }));

        Assert.Equal((3, false), (inner.Asked!.GpuDeviceId, inner.Asked.FallbackToCpu));
    }

    /// <summary>Makes nothing, but tells what it was asked for.</summary>
    private sealed class Pretended : TrainingEngine
    {
        public string? Missing { get; init; }

        public EngineRequest? Asked { get; private set; }

        public override string Name => "Pretended";

        public override EngineCapabilities Capabilities { get; } = new() { Cells = [CellKind.Lstm] };

        public override string? WhyUnavailable(EngineRequest request) => Missing;

        protected override ITrainingEngine CreateEngine(EngineRequest request)
        {
            Asked = request;
            throw new NotImplementedException();
        }
    }
}
