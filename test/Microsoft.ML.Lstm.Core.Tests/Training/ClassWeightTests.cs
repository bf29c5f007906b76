using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public class ClassWeightTests
{
    private static readonly NetworkSpec Spec = new() { InputSize = 2, HiddenSizes = [5], OutputSize = 1 };

    [Fact]
    public void Evaluate_ClassWeightOfBinaryCrossEntropy_IsAWeightOfItsExamples()
    {
        (double loss, float[] gradients) = Run([0.5f, 3], batch => { });
        (double expected, float[] expectedGradients) = Run(null, batch =>
        {
            for (int p = 0; p < batch.SequenceCount; p++)
                batch.Weights[p] *= batch.Targets[p] < 0.5f ? 0.5f : 3;
        });

        Assert.Equal(expected, loss);
        Assert.Equal(expectedGradients, gradients);
        Assert.NotEqual(Run(null, batch => { }).Loss, loss);
    }

    [Theory]
    [InlineData(LossKind.BinaryCrossEntropy, 1, 3, "ClassWeights is 3 weights; expected 2, one for each class")]
    [InlineData(LossKind.BinaryCrossEntropy, 2, 2, "ClassWeights is 2 weights; expected null, since Kind is BinaryCrossEntropy of 2 outputs")]
    [InlineData(LossKind.MeanSquaredError, 1, 1, "ClassWeights is 1 weight; expected null, since Kind is MeanSquaredError")]
    [InlineData(LossKind.SoftmaxCrossEntropy, 4, 3, "ClassWeights is 3 weights; expected 4, one for each class")]
    public void Validate_WeightsThatDoNotFitTheLoss_AreNamed(LossKind kind, int outputs, int weights, string expected)
    {
        var options = Plain.Engine with { Loss = new() { Kind = kind, ClassWeights = new float[weights] } };

        Assert.StartsWith(expected, Assert.Throws<ArgumentException>(() => new ManagedEngine(Spec with { OutputSize = outputs }, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainStep_FrozenEmbeddingAndWeightDecay_EmbeddingStays()
    {
        var spec = new NetworkSpec { VocabularySize = 5000, EmbeddingSize = 7, HiddenSizes = [4], OutputSize = 1 };
        foreach (bool frozen in new[] { true, false })
        {
            using var engine = new ManagedEngine(spec, Plain.Engine with { FreezeEmbedding = frozen, Optimizer = new() { Kind = OptimizerKind.AdamW, WeightDecay = 0.1f }, Threads = 2 });
            float[] before = ResumableTraining.Weights(engine);
            var batch = new SequenceBatch();
            batch.Reset([3], 0, hasTokens: true, targetSize: 1);
            (batch.Tokens[0], batch.Tokens[1], batch.Tokens[2], batch.Targets[0]) = (1, 2, 4999, 1);
            engine.Step(batch, 0.01f);
            float[] after = ResumableTraining.Weights(engine);

            int embedding = engine.Parameters["embedding.weight"].Length;
            Assert.Equal(frozen, before.AsSpan(0, embedding).SequenceEqual(after.AsSpan(0, embedding)));
            foreach (ParameterSlice slice in engine.Parameters.Slices.Skip(1))
                Assert.False(before.AsSpan(slice.Offset, slice.Length).SequenceEqual(after.AsSpan(slice.Offset, slice.Length)), slice.Name);
        }
    }

    private static (double Loss, float[] Gradients) Run(IReadOnlyList<float>? weights, Action<SequenceBatch> change)
    {
        using var engine = new ManagedEngine(Spec, Plain.Engine with { Loss = new() { Kind = LossKind.BinaryCrossEntropy, ClassWeights = weights }, Threads = 1 });
        SequenceBatch batch = new();
        SequenceDataset data = TrainingData.Linear(6);
        data.Fill(batch, [0, 1, 2, 3, 4, 5]);
        for (int p = 0; p < batch.SequenceCount; p++)
            (batch.Targets[p], batch.Weights[p]) = (p % 2, 1 + p);
        change(batch);
        float[] gradients = new float[engine.Parameters.BlockLength];
        return (engine.MeanGradient(batch, gradients), gradients);
    }
}
