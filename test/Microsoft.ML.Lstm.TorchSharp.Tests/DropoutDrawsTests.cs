using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>All that is random in a step follows from the seed and the step, on every device.</summary>
public sealed class DropoutDrawsTests
{
    private static readonly NetworkSpec s_network = new() { VocabularySize = 12, EmbeddingSize = 6, HiddenSizes = [8, 8], OutputSize = 12, Output = OutputPosition.EveryStep };

    public static TheoryData<int?, RegularizationSpec, float?> Random
    {
        get
        {
            var all = new TheoryData<int?, RegularizationSpec, float?>();
            foreach (int? gpu in Devices.Ids)
            {
                all.Add(gpu, new() { InputDropout = 0.3f }, null);
                all.Add(gpu, new() { EmbeddingDropout = 0.3f }, null);
                all.Add(gpu, new() { LayerDropout = 0.3f }, null);
                all.Add(gpu, new() { RecurrentDropout = 0.3f }, null);
                all.Add(gpu, new() { OutputDropout = 0.3f }, null);
                all.Add(gpu, new(), 0.01f);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Random))]
    public void TrainStep_SameSeed_GivesTheSameWeightsAndAnotherSeedOthers(int? gpu, RegularizationSpec dropout, float? noise)
    {
        float[] first = Trained(seed: 5), again = Trained(seed: 5), other = Trained(seed: 6);

        // A GPU sums the gradient of an embedding in no fixed order.
        double rounding = gpu is null ? 0 : 1e-6;
        Assert.All(first.Zip(again), pair => Assert.Equal(pair.First, pair.Second, rounding));
        Assert.Contains(first.Zip(other), pair => Math.Abs(pair.First - pair.Second) > 1e-4);

        float[] Trained(int seed)
        {
            EngineOptions options = Plain.Engine with { Threads = 1, Seed = seed, Regularization = dropout, GradientNoise = noise, Loss = new() { Kind = LossKind.SoftmaxCrossEntropy } };
            using ITrainingEngine engine = new TorchTrainingEngine().Create(new(s_network, options) { GpuDeviceId = gpu, FallbackToCpu = false });
            // Initial weights follow the seed too, which is not what is asked here.
            float[] weights = new float[engine.Parameters.BlockLength];
            WeightInitializer.Fill(weights, engine.Parameters, s_network, new(), seed: 1);
            engine.ImportWeights(weights);
            SequenceBatch batch = Tokens();
            for (int i = 0; i < 3; i++)
                engine.Step(batch, 0.01f);
            return engine.Weights();
        }
    }

    private static SequenceBatch Tokens()
    {
        var data = new SequenceDataset(new() { HasTokens = true, Target = TargetKind.Class, TargetEveryStep = true });
        for (int i = 0; i < 4; i++)
            data.Add(new() { Tokens = [1, (i * 2) + 1, 3, i + 4, 5], Classes = [2, 3, i, 5, 6] });
        var batch = new SequenceBatch();
        data.Fill(batch, [0, 1, 2, 3]);
        return batch;
    }
}
