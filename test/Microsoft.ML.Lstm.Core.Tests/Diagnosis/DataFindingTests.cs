using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Diagnosis;

/// <summary>What is found in the data before the first update. Data without such a finding: <see cref="HealthyTrainingTests"/>, and the others here.</summary>
public class DataFindingTests
{
    [Fact]
    public void Diagnose_InputsOfVeryDifferentSizes_FindsUnscaledInputs()
    {
        Finding finding = Single(FindingCode.UnscaledInputs, SampleData.Noise(100, 4, x => x[0] + x[3], features: 2).Scaled(0.005f, 8));
        Assert.Equal(1, finding.Evidence["largest feature"]);
    }

    [Fact]
    public void Diagnose_InputsScaledByTheDataset_FindsNothing()
    {
        SequenceDataset data = SampleData.Noise(100, 4, x => 70 * (x[0] + x[1] - 2), features: 2).Scaled(0.005f, 8);
        Assert.Equal([FindingCode.UnscaledInputs, FindingCode.UnscaledTargets], Codes(data));
        Assert.Empty(Codes(data.WithScaling(FeatureScaling.OfFeatures(data), FeatureScaling.OfTargets(data))));
    }

    [Fact]
    public void Diagnose_TargetsInTheHundreds_FindsUnscaledTargets()
    {
        Finding finding = Single(FindingCode.UnscaledTargets, SampleData.Noise(100, 4, x => 300 + x[0] + x[1]));
        Assert.Equal(300, finding.Evidence["mean"], 1.0);
    }

    [Fact]
    public void Diagnose_ConstantInputs_IsAnErrorOnlyWhenNothingVaries()
    {
        var random = new RandomStream(1UL);
        SequenceDataset constant = SampleData.Numbers(50, 1, 1, () => ([0.5f, 0.5f, 0.5f], [random.NextFloat()]));
        Assert.Equal(FindingSeverity.Error, Single(FindingCode.ConstantInputs, constant).Severity);
        SequenceDataset partly = SampleData.Numbers(50, 2, 1, () => ([0.5f, random.NextFloat(), 0.5f, random.NextFloat()], [random.NextFloat()]));
        Finding note = Single(FindingCode.ConstantInputs, partly);
        Assert.Equal((FindingSeverity.Information, 1.0, 2.0), (note.Severity, note.Evidence["constant features"], note.Evidence["features"]));
        Assert.Equal(FindingSeverity.Error, Single(FindingCode.ConstantInputs, SampleData.Tokens(50, 3, 5, 1, tokens => tokens.Length % 2)).Severity);
    }

    [Fact]
    public void Diagnose_WindowEndsWithItsLabel_FindsLeak()
    {
        Finding finding = Single(FindingCode.LeakedLabel, Leaking((series, i) => series[i + 7]));
        Assert.Equal((0.0, 0.0), (finding.Evidence["feature"], finding.Evidence["steps back"]));
    }

    [Fact]
    public void Diagnose_WindowHoldsItsScaledLabel_FindsLeak()
    {
        Finding finding = Single(FindingCode.LeakedLabel, Leaking((series, i) => (0.3f * series[i + 4]) - 2));
        Assert.Equal(3, finding.Evidence["steps back"]);
    }

    [Fact]
    public void Diagnose_RandomWalkWindowOneStepTooLate_FindsLeak()
    {
        var random = new RandomStream(6UL);
        float[] walk = new float[400];
        for (int t = 1; t < walk.Length; t++)
            walk[t] = walk[t - 1] + (0.05f * (float)random.NextGaussian());
        Assert.Equal([FindingCode.LeakedLabel], Codes(Windows(walk, 10, 0)));
        Assert.Empty(Codes(Windows(walk, 10, 1)));
        Assert.Empty(Codes(Windows(walk, 10, 5)));
    }

    [Fact]
    public void Diagnose_ColumnRepeatsTheLabel_FindsLeak()
    {
        var random = new RandomStream(7UL);
        Finding finding = Single(FindingCode.LeakedLabel, SampleData.Numbers(80, 2, 1, () =>
        {
            float label = (float)random.NextGaussian();
            return ([random.NextFloat(), label, random.NextFloat(), label, random.NextFloat(), label], [label]);
        }));
        Assert.Equal(1, finding.Evidence["feature"]);
    }

    [Fact]
    public void Diagnose_NumberTellsTheClass_FindsLeak()
    {
        var random = new RandomStream(7UL);
        var data = new SequenceDataset(new() { FeatureSize = 1, Target = TargetKind.Class });
        for (int i = 0; i < 90; i++)
            data.Add(new SequenceExample { Features = [random.NextFloat(), random.NextFloat(), i % 3 == 1 ? 5 : i % 3], Classes = [i % 3] });
        Assert.Equal(0, Single(FindingCode.LeakedLabel, data).Evidence["steps back"]);
    }

    [Fact]
    public void Diagnose_LanguageModelSeesItsTarget_FindsLeak()
    {
        SequenceDataset same = SampleData.Tags(40, 6, 9, 5, (tokens, t) => tokens[t]);
        Assert.Equal(0, Single(FindingCode.LeakedLabel, same).Evidence["steps back"]);
        SequenceDataset next = SampleData.Tags(40, 6, 9, 5, (tokens, t) => t + 1 < tokens.Length ? tokens[t + 1] : -1);
        Finding ahead = Single(FindingCode.LeakedLabel, next, bidirectional: true);
        Assert.Equal(-1, ahead.Evidence["steps back"]);
        Assert.Contains("Bidirectional", ahead.Advice);
        Assert.Empty(Codes(next));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    public void Diagnose_SmoothAndPeriodicSeries_FindsNoLeak(double speed)
    {
        float[] sine = [.. Enumerable.Range(0, 800).Select(t => (float)Math.Sin(speed * t))];
        Assert.Empty(Codes(Windows(sine, 30, 1)));
        float[] saw = [.. Enumerable.Range(0, 800).Select(t => (t % 12 / 6f) - 1)];
        Assert.Empty(Codes(Windows(saw, 12, 1)));
        Assert.Empty(Codes(Windows(saw, 20, 1)));
    }

    [Fact]
    public void Diagnose_OneClassInTwenty_FindsUnbalancedClasses()
    {
        SequenceDataset data = SampleData.Tokens(200, 4, 6, 20, tokens => tokens[0] == 3 && tokens[1] < 18 ? 1 : 0);
        Finding finding = Single(FindingCode.UnbalancedClasses, data);
        Assert.Equal((0.0, 200.0), (finding.Evidence["class"], finding.Evidence["labels"]));
        Assert.Empty(Codes(data, new() { Kind = LossKind.SoftmaxCrossEntropy, ClassWeights = [1, 20] }));
        Assert.Contains("All 200 labels", Single(FindingCode.UnbalancedClasses, SampleData.Tokens(200, 4, 6, 20, _ => 1)).Message);
    }

    [Fact]
    public void Diagnose_BinaryLabelsNearlyAllTrue_FindsUnbalancedClasses()
    {
        int example = 0;
        SequenceDataset data = SampleData.Noise(100, 4, _ => example++ % 20 == 0 ? 0 : 1);
        Assert.Equal([FindingCode.UnbalancedClasses], Codes(data, new() { Kind = LossKind.BinaryCrossEntropy }));
    }

    private static Finding Single(FindingCode code, SequenceDataset data, bool bidirectional = false)
    {
        Finding finding = Assert.Single(Diagnose(data, null, bidirectional).Findings);
        Assert.Equal(code, finding.Code);
        return finding;
    }

    private static FindingCode[] Codes(SequenceDataset data, LossSpec? loss = null) => [.. Diagnose(data, loss, false).Findings.Select(f => f.Code)];

    private static NetworkDiagnosis Diagnose(SequenceDataset data, LossSpec? loss, bool bidirectional)
    {
        bool tokens = data.Shape.HasTokens, classes = data.Shape.Target == TargetKind.Class;
        return new Patient
        {
            Data = data,
            Network = new()
            {
                InputSize = data.Shape.FeatureSize,
                VocabularySize = tokens ? 20 : 0,
                EmbeddingSize = tokens ? 4 : 0,
                HiddenSizes = [4],
                Bidirectional = bidirectional,
                OutputSize = classes ? loss?.ClassWeights?.Count ?? 20 : 1,
                Output = data.Shape.TargetEveryStep ? OutputPosition.EveryStep : OutputPosition.LastStep,
            },
            Engine = Plain.Engine with { Loss = loss ?? new() { Kind = classes ? LossKind.SoftmaxCrossEntropy : LossKind.MeanSquaredError }, ClipNorm = 1 },
            Options = Plain.Training with { MaximumSteps = 1 },
        }.Train().Diagnosis;
    }

    private static SequenceDataset Leaking(Func<float[], int, float> label)
    {
        var random = new RandomStream(5UL);
        float[] series = new float[300];
        for (int t = 1; t < series.Length; t++)
            series[t] = (0.7f * series[t - 1]) + (float)random.NextGaussian();
        int start = 0;
        return SampleData.Numbers(200, 1, 1, () => (series[start..(start + 8)], [label(series, start++)]));
    }

    private static SequenceDataset Windows(float[] series, int length, int horizon)
    {
        int start = 0;
        return SampleData.Numbers(series.Length - length - horizon, 1, 1, () => (series[start..(start + length)], [series[start++ + length - 1 + horizon]]));
    }
}
