using System.Reflection;
using Microsoft.ML.Lstm.Core.Tests.Conformance;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>The whole conformance suite on a GPU; skipped where there is none.</summary>
public sealed class CudaEngineConformance
{
    [CudaTheory]
    [MemberData(nameof(Tests))]
    public async Task EveryTestOfTheSuite_OnTheFirstGpu_Passes(string method, object[] arguments)
    {
        MethodInfo test = typeof(EngineConformance).GetMethod(method)!;
        if (test.Invoke(new OnFirstGpu(), BindingFlags.DoNotWrapExceptions, null, arguments, null) is Task task)
            await task;
    }

    public static TheoryData<string, object[]> Tests()
    {
        var tests = new TheoryData<string, object[]>();
        foreach (MethodInfo test in typeof(EngineConformance).GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null))
            foreach (object[] arguments in Arguments(test))
                tests.Add(test.Name, arguments);
        return tests;
    }

    private static IEnumerable<object[]> Arguments(MethodInfo test) => test.GetCustomAttribute<TheoryAttribute>() is null
        ? [[]]
        : test.GetCustomAttributes<Xunit.Sdk.DataAttribute>().SelectMany(data => data.GetData(test));

    internal sealed class OnFirstGpu : EngineConformance
    {
        protected override TrainingEngine Engine { get; } = new EngineOnDevice(new TorchTrainingEngine(), gpuDeviceId: 0, fallbackToCpu: false);
    }

    private sealed class CudaTheoryAttribute : TheoryAttribute
    {
        public CudaTheoryAttribute() => Skip = TorchRuntime.WhyUnavailable(0);
    }
}
