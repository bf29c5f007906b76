using Microsoft.ML.Lstm.Core.Tests.Models;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Onnx.Tests.Recurrent;

/// <summary>Models of random weights, of every kind that there is.</summary>
internal static class ExportedModels
{
    /// <summary>The kinds of head.</summary>
    public static string[] Heads { get; } = ["scalar", "multi-step", "quantiles", "every-step", "binary", "classes", "tags", "language"];

    /// <summary>A model with a head of that kind.</summary>
    public static RecurrentModel Create(string head, NetworkSpec spec, bool readsTokens = false, WindowTransform? window = null)
    {
        bool isLanguage = head == "language", everyStep = head is "every-step" or "tags" || isLanguage;
        int outputs = head switch { "scalar" or "binary" => 1, "quantiles" => 6, "every-step" => 2, "language" => 7, _ => 4 };
        spec = spec with
        {
            InputSize = isLanguage ? 0 : spec.InputSize,
            VocabularySize = isLanguage ? 7 : readsTokens ? 9 : 0,
            EmbeddingSize = isLanguage || readsTokens ? spec.EmbeddingSize > 0 ? spec.EmbeddingSize : 3 : 0,
            OutputSize = outputs,
            Output = everyStep ? OutputPosition.EveryStep : OutputPosition.LastStep,
        };
        LossSpec loss = head switch
        {
            "quantiles" => new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.1f, 0.5f, 0.9f] },
            "binary" => new LossSpec { Kind = LossKind.BinaryCrossEntropy },
            "classes" or "tags" or "language" => new LossSpec { Kind = LossKind.SoftmaxCrossEntropy },
            _ => new LossSpec(),
        };
        ModelFile file = TestModel.File(spec, loss, window);
        int targets = outputs / ModelValidation.ValuesPerTarget(loss);
        if (loss.Kind is LossKind.MeanSquaredError or LossKind.Quantile)
            file = With(file, new FeatureScaling([.. Enumerable.Range(0, targets).Select(i => 5f + i)],
                [.. Enumerable.Range(0, targets).Select(i => 2f + i)]));
        return TestModel.Create(file, Head(head, outputs));
    }

    private static ModelFile With(ModelFile file, FeatureScaling targets) => new()
    {
        Spec = file.Spec, Loss = file.Loss, Weights = file.Weights, FeatureScaling = file.FeatureScaling, TargetScaling = targets,
            Window = file.Window,
    };

    private static ModelHead Head(string head, int outputs) => head switch
    {
        "binary" => ModelHead.Binary,
        "classes" => ModelHead.Of(ModelTask.MulticlassClassification, Classes(outputs)),
        "tags" => ModelHead.Of(ModelTask.Tagging, Classes(outputs)),
        "language" => ModelHead.Of(new Vocabulary(["?", "\n", "a", "b", "ä", "c", "d"], 1)),
        "every-step" => ModelHead.Of(new ScoreValues(0, false, [], false, true)),
        "scalar" => ModelHead.Of(new ScoreValues(1, true, ["y"], false, false)),
        _ => ModelHead.Of(new ScoreValues(outputs, false, [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")], false, false)),
    };

    private static ModelClasses Classes(int count) =>
        new(count, new ClassValues("String", [.. Enumerable.Range(0, count).Select(i => $"class {i} ü")]));
}
