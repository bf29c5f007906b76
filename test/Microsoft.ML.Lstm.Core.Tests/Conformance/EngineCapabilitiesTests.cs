using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Conformance;

public sealed class EngineCapabilitiesTests
{
    private static readonly NetworkSpec Spec = new() { InputSize = 1, HiddenSizes = [2], OutputSize = 1 };

    public static TheoryData<string> Options => [.. Requests.Keys];

    private static Dictionary<string, EngineRequest> Requests { get; } = new()
    {
        ["Cell is Gru; expected Lstm"] = new(Spec with { Cell = CellKind.Gru }, Plain.Engine),
        ["Output is EveryStep; expected LastStep"] = new(Spec with { Output = OutputPosition.EveryStep }, Plain.Engine),
        ["Loss is Huber; expected one of MeanSquaredError, Quantile"] = new(Spec, Plain.Engine with { Loss = new() { Kind = LossKind.Huber } }),
        ["Optimizer is Sgd; expected Adam"] = new(Spec, Plain.Engine with { Optimizer = new() { Kind = OptimizerKind.Sgd } }),
        ["LayerNormalization is True; expected false"] = new(Spec with { LayerNormalization = true }, Plain.Engine),
        ["Bidirectional is True; expected false"] = new(Spec with { Bidirectional = true }, Plain.Engine),
        ["LearnedInitialState is True; expected false"] = new(Spec with { LearnedInitialState = true }, Plain.Engine),
        ["TiedEmbeddings is True; expected false"] = new(Spec with { VocabularySize = 4, EmbeddingSize = 2, OutputSize = 4, TiedEmbeddings = true }, Plain.Engine),
        ["EmbeddingDropout is 0.5; expected 0"] = new(Spec, Plain.Engine with { Regularization = new() { EmbeddingDropout = 0.5f } }),
        ["RecurrentDropout is 0.5; expected 0"] = new(Spec, Plain.Engine with { Regularization = new() { RecurrentDropout = 0.5f } }),
        ["GradientNoise is 0.5; expected null"] = new(Spec, Plain.Engine with { GradientNoise = 0.5f }),
        ["Stateful is True; expected false"] = new(Spec, Plain.Engine with { Stateful = true }),
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Create_BeyondTheCapabilities_NamesOptionAndManagedEngine(string expected)
    {
        var e = Assert.Throws<NotSupportedException>(() => new Narrow().Create(Requests[expected]));

        Assert.Equal($"{expected} with the engine Narrow. TrainingEngine.Managed can do it.", e.Message);
        TrainingEngine.Managed.Create(Requests[expected]).Dispose();
    }

    [Fact]
    public void Create_OptionOutOfRange_IsRefusedBeforeTheEngineIsMade() =>
        Assert.Equal("ClipNorm", Assert.Throws<ArgumentException>(() => new Narrow().Create(new(Spec, Plain.Engine with { ClipNorm = -1 }))).ParamName);

    private sealed class Narrow : TrainingEngine
    {
        public override string Name => "Narrow";

        public override EngineCapabilities Capabilities { get; } = new()
        {
            Cells = [CellKind.Lstm],
            Outputs = [OutputPosition.LastStep],
            Losses = [LossKind.MeanSquaredError, LossKind.Quantile],
            Optimizers = [OptimizerKind.Adam],
            LayerNormalization = false,
            Bidirectional = false,
            TiedEmbeddings = false,
            LearnedInitialState = false,
            EmbeddingDropout = false,
            RecurrentDropout = false,
            GradientNoise = false,
            Stateful = false,
        };

        protected override ITrainingEngine CreateEngine(EngineRequest request) => throw new InvalidOperationException("The request should have been refused.");
    }
}
