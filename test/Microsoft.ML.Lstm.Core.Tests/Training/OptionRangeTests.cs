using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>Each option is checked where it is set, and the message names it.</summary>
public sealed class OptionRangeTests
{
    private static readonly NetworkSpec Spec = new() { InputSize = 1, HiddenSizes = [2], OutputSize = 2 };

    private static readonly Dictionary<string, EngineOptions> s_bad = new()
    {
        ["Loss is null"] = Plain.Engine with { Loss = null! },
        ["Loss.Kind is 99"] = Loss(new() { Kind = (LossKind)99 }),
        ["Quantiles is null"] = Loss(new() { Kind = LossKind.Quantile, Quantiles = null! }),
        ["Quantiles is 3 quantiles"] = Loss(new() { Kind = LossKind.Quantile, Quantiles = [0.1f, 0.5f, 0.9f] }),
        ["Quantiles is NaN"] = Loss(new() { Kind = LossKind.Quantile, Quantiles = [float.NaN] }),
        ["HuberDelta is NaN"] = Loss(new() { HuberDelta = float.NaN }),
        ["HuberDelta is Infinity"] = Loss(new() { HuberDelta = float.PositiveInfinity }),
        ["LabelSmoothing is NaN"] = Loss(new() { LabelSmoothing = float.NaN }),
        ["ClassWeights is NaN"] = Loss(new() { Kind = LossKind.SoftmaxCrossEntropy, ClassWeights = [1, float.NaN] }),
        ["ClassWeights is -1"] = Loss(new() { Kind = LossKind.SoftmaxCrossEntropy, ClassWeights = [1, -1] }),
        ["Optimizer is null"] = Plain.Engine with { Optimizer = null! },
        ["Kind is 9"] = Plain.Engine with { Optimizer = new() { Kind = (OptimizerKind)9 } },
        ["Initialization.Weights is 9"] = Plain.Engine with { Initialization = new() { Weights = (Initialization)9 } },
        ["Initialization.Recurrent is -1"] = Plain.Engine with { Initialization = new() { Recurrent = (Initialization)(-1) } },
        ["UniformScale is NaN"] = Plain.Engine with { Initialization = new() { UniformScale = float.NaN } },
        ["UniformScale is 0"] = Plain.Engine with { Initialization = new() { UniformScale = 0 } },
        ["EmbeddingStandardDeviation is NaN"] = Plain.Engine with { Initialization = new() { EmbeddingStandardDeviation = float.NaN } },
        ["ForgetBias is NaN"] = Plain.Engine with { Initialization = new() { ForgetBias = float.NaN } },
        ["InputDropout is NaN"] = Plain.Engine with { Regularization = new() { InputDropout = float.NaN } },
        ["OutputDropout is 1"] = Plain.Engine with { Regularization = new() { OutputDropout = 1 } },
        ["ClipNorm is NaN"] = Plain.Engine with { ClipNorm = float.NaN },
        ["GradientNoise is NaN"] = Plain.Engine with { GradientNoise = float.NaN },
    };

    public static TheoryData<string> Names => [.. s_bad.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Validate_OutOfRange_NamesOptionAndValue(string expected) =>
        Assert.StartsWith(expected + "; expected", Assert.Throws<ArgumentException>(() => s_bad[expected].Validate(Spec)).Message, StringComparison.Ordinal);

    [Fact]
    public void Validate_OutputUndefined_NamesIt() =>
        Assert.StartsWith("Output is 7; expected", Assert.Throws<ArgumentException>(() => Plain.Engine.Validate(Spec with { Output = (OutputPosition)7 })).Message, StringComparison.Ordinal);

    private static EngineOptions Loss(LossSpec loss) => Plain.Engine with { Loss = loss };
}
