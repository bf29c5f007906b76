using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

/// <summary>Models of random weights.</summary>
internal static class TestModel
{
    private static readonly TrainingHistory s_history = new([new EpochReport { Loss = 1 }], TrainingEnd.Completed, 0);

    /// <summary>A file with random weights.</summary>
    public static ModelFile File(NetworkSpec spec, LossSpec? loss = null, WindowTransform? window = null, bool isScaled = true) => new()
    {
        Spec = spec,
        Loss = loss ?? new LossSpec(),
        Weights = Weights(spec),
        FeatureScaling = isScaled && spec.InputSize > 0 ? new FeatureScaling(Repeat(1, spec.InputSize), Repeat(2, spec.InputSize)) : null,
        Window = window,
    };

    /// <summary>A model that reads numbers, of any length, and predicts numbers.</summary>
    public static RecurrentModel Regression(NetworkSpec spec, WindowTransform? window = null)
    {
        bool everyStep = spec.Output == OutputPosition.EveryStep;
        string[] names = everyStep ? [] : [.. Enumerable.Range(0, spec.OutputSize).Select(i => $"y{i}")];
        return Create(File(spec, window: window), ModelHead.Of(new ScoreValues(everyStep ? 0 : spec.OutputSize, false, names, false, everyStep)));
    }

    /// <summary>A language model of these tokens.</summary>
    public static RecurrentModel Language(Vocabulary vocabulary)
    {
        int count = vocabulary.Texts.Count;
        var spec = new NetworkSpec { VocabularySize = count, EmbeddingSize = 4, HiddenSizes = [6], OutputSize = count, Output = OutputPosition.EveryStep };
        return Create(File(spec, new LossSpec { Kind = LossKind.SoftmaxCrossEntropy }), ModelHead.Of(vocabulary));
    }

    /// <summary>A model of what a file holds.</summary>
    public static RecurrentModel Create(ModelFile file, ModelHead head) => new(file, file.Window, Input(file.Spec), head, s_history, new NetworkDiagnosis());

    /// <summary>The texts that describe such a model.</summary>
    public static Dictionary<string, string> Metadata(NetworkSpec spec, ModelHead head) => ModelMetadata.Write(Input(spec), head, s_history, new NetworkDiagnosis());

    /// <summary>A sequence of numbers.</summary>
    public static float[] Sequence(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() * 4) - 2)];
    }

    private static ModelInput Input(NetworkSpec spec) => spec.InputSize == 0
        ? new ModelInput { Features = new ModelColumn { Name = "Tokens", VocabularySize = spec.VocabularySize } }
        : new ModelInput
        {
            Features = new ModelColumn { Name = "Features", StepSize = spec.InputSize },
            Tokens = spec.VocabularySize == 0 ? null : new ModelColumn { Name = "Tokens", VocabularySize = spec.VocabularySize },
        };

    private static float[] Weights(NetworkSpec spec)
    {
        var layout = new ParameterLayout(spec);
        float[] weights = new float[layout.BlockLength];
        var random = new Random(1);
        foreach (ParameterSlice slice in layout.Slices)
            foreach (ref float weight in weights.AsSpan(slice.Offset, slice.Length))
                weight = random.NextSingle() - 0.5f;
        return weights;
    }

    private static float[] Repeat(float value, int count) => [.. Enumerable.Repeat(value, count)];
}
