namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The engine of another assembly, found at run time: without the package nothing of this one breaks, and with it no line of this one names its types.
/// </summary>
internal sealed class NativeTrainingEngine : TrainingEngine
{
    private const string Package = "Microsoft.ML.Lstm.TorchSharp";
    private static readonly Lazy<TrainingEngine?> s_engine = new(Find);

    public override string Name => nameof(Torch);

    public override EngineCapabilities Capabilities => Engine.Capabilities;

    private static TrainingEngine Engine => s_engine.Value ?? throw new TrainingEngineUnavailableException(Missing);

    private static string Missing => Invariant(
        $"{nameof(TrainingEngine)} is {nameof(Torch)}, whose package {Package} is not in this application; expected a reference to it, and to {PackageOfPlatform}, which has the native library.");

    private static string PackageOfPlatform =>
        OperatingSystem.IsWindows() ? "TorchSharp-cpu (with an NVIDIA GPU TorchSharp-cuda-windows)"
        : OperatingSystem.IsLinux() ? "TorchSharp-cpu (with an NVIDIA GPU TorchSharp-cuda-linux)"
        : "TorchSharp-cpu";

    public override string? WhyUnavailable(EngineRequest request) => s_engine.Value is { } engine ? engine.WhyUnavailable(request) : Missing;

    protected override ITrainingEngine CreateEngine(EngineRequest request) => Engine.Create(request);

    // A constant, so that an application that is trimmed or compiled ahead of time keeps the type where the package is referenced.
    private static TrainingEngine? Find() =>
        Type.GetType("Microsoft.ML.Lstm.TorchTrainingEngine, Microsoft.ML.Lstm.TorchSharp", throwOnError: false) is { } type
            ? (TrainingEngine?)Activator.CreateInstance(type)
            : null;
}
