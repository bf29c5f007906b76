using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Diagnosis;

/// <summary>The doctor's baselines weigh labels as the loss does.</summary>
public sealed class WeightedBaselineTests
{
    [Fact]
    public void Baseline_BalancedBinaryClasses_IsThatOfACoin()
    {
        var loss = new LossSpec { Kind = LossKind.BinaryCrossEntropy, ClassWeights = [10f / 18, 5] };

        Assert.Equal(Math.Log(2), Baseline(loss, OneInTen(_ => 1)), 1e-6);
        Assert.Equal(0.325, Baseline(loss with { ClassWeights = null }, OneInTen(_ => 1)), 1e-3);
    }

    [Fact]
    public void Baseline_WeighedLabels_IsTheLeastThatAConstantPredictionCosts()
    {
        LossSpec[] losses =
        [
            new() { Kind = LossKind.MeanSquaredError }, new() { Kind = LossKind.MeanAbsoluteError }, new() { Kind = LossKind.Huber, HuberDelta = 0.1f },
            new() { Kind = LossKind.Quantile, Quantiles = [0.7f] }, new() { Kind = LossKind.BinaryCrossEntropy, ClassWeights = [1, 3] },
        ];
        SequenceDataset data = OneInTen(positive => positive ? 4 : 0.5f);
        var batch = new SequenceBatch();
        data.Fill(batch, [.. Enumerable.Range(0, data.Count)]);
        foreach (LossSpec loss in losses)
        {
            using var engine = new ManagedEngine(new() { InputSize = 1, HiddenSizes = [2], OutputSize = 1 }, Plain.Engine with { Threads = 1, Loss = loss });
            double least = double.MaxValue;
            for (float prediction = -4; prediction <= 4; prediction += 0.005f)
            {
                float[] weights = new float[engine.Parameters.BlockLength];
                weights[engine.Parameters["output.bias"].Offset] = prediction;
                engine.ImportWeights(weights);
                least = Math.Min(least, engine.Evaluate(batch).Mean);
            }
            Assert.Equal(least, Baseline(loss, data), 1e-3 * least);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(20, false)]
    public void UnbalancedClasses_ExampleWeights_CountAsWeighing(float weight, bool found)
    {
        SequenceDataset data = OneInTen(positive => positive ? weight : 1, oneIn: 20);
        var patient = new Patient
        {
            Data = data,
            Network = new() { InputSize = 1, HiddenSizes = [2], OutputSize = 1 },
            Engine = Plain.Engine with { Loss = new() { Kind = LossKind.BinaryCrossEntropy } },
            Options = Plain.Training with { MaximumSteps = 1 },
        };

        Assert.Equal(found, patient.Train().Diagnosis[FindingCode.UnbalancedClasses] is not null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Naive_SeriesThatIsContinued_ComparesValidationWithNoChangeAndLastSeason(bool seasonal)
    {
        float[] series = [.. Enumerable.Range(0, 400).Select(t => seasonal ? 10 * MathF.Sin(t * MathF.Tau / 12) : t)];
        var data = new SequenceDataset(new() { FeatureSize = 1, TargetSize = 2, Continuation = new() { Features = [0] } });
        for (int t = 0; t < 360; t++)
            data.Add(new SequenceExample { Features = series.AsSpan(t, 30), Targets = series.AsSpan(t + 30, 2) });
        (SequenceDataset training, SequenceDataset validation) = data.SplitLast(0.2);

        NaiveBaseline naive = NaiveBaseline.Of(new(), training, validation)!;
        Assert.Equal(seasonal ? 12 : 1, naive.Season);
        Assert.Equal(seasonal ? 0 : 2.5, naive.Best, 1e-3);

        var patient = new Patient
        {
            Data = training,
            Validation = validation,
            Network = new() { InputSize = 1, HiddenSizes = [4], OutputSize = 2 },
            Options = Plain.Training with { Epochs = 1 },
        };
        Finding finding = patient.Train().Diagnosis[FindingCode.WorseThanNaive]!;
        Assert.Contains(seasonal ? "12 steps before" : "no change", finding.Message);
        Assert.True(finding.Evidence["validation loss"] > naive.Best);
        Assert.Null(NaiveBaseline.Of(new(), training, null));
    }

    private static SequenceDataset OneInTen(Func<bool, float> weight, int oneIn = 10)
    {
        var data = new SequenceDataset(new() { FeatureSize = 1 });
        for (int i = 0; i < 200; i++)
            data.Add(new SequenceExample { Features = [i % 7], Targets = [i % oneIn == 0 ? 1 : 0], Weight = weight(i % oneIn == 0) });
        return data;
    }

    private static double Baseline(LossSpec loss, SequenceDataset data) =>
        NoInformationLoss.Of(loss, LabelSample.Of(data, loss, int.MaxValue, new RandomStream(1UL)), 1);
}
