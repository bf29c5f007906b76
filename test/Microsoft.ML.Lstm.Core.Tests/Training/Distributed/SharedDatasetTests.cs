using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Core.Tests.Training.Distributed;

/// <summary>Processes that hold a share of the examples each: the same splits, scaling, batches and weights as where each holds
/// all.</summary>
public sealed class SharedDatasetTests
{
    // Windows of four steps that slide over series: noise, one that repeats itself, so that windows match at several places, and one of
    // one value alone.
    private static readonly List<Window> s_windows =
    [
        .. Slide("a", [.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i * 12.9f) * 3)]),
        .. Slide("b", [.. Enumerable.Range(0, 30).Select(i => (i % 3) + 2f)], stride: 2),
        .. Slide("c", [.. Enumerable.Repeat(7f, 20)]),
        .. Slide("a", [.. Enumerable.Range(0, 15).Select(i => i * 0.1f)]),
    ];

    public static TheoryData<int[]> Shares =>
    [
        Even(2), Even(3), Even(4), Even(7), [0, 0, s_windows.Count], [5, 5, s_windows.Count, s_windows.Count],
            [s_windows.Count - 1, s_windows.Count],
    ];

    [Theory]
    [MemberData(nameof(Shares))]
    public void Of_AnyShares_IsTheDatasetOfAll(int[] ends)
    {
        SequenceDataset all = Read(0, s_windows.Count, out _);

        Seen[] seen = InMemoryGroup.Run(ends.Length, group => See(Joined(group, ends)));

        Seen expected = See(all);
        Assert.All(seen, one => Assert.Equal(expected.Entries, one.Entries));
        Assert.All(seen, one => Assert.Equal(expected.Rows, one.Rows));
        Assert.All(seen, one => Assert.Equal(expected.Scalings, one.Scalings));
        Assert.All(seen, one => Assert.Equal(expected.Fingerprints, one.Fingerprints));
        Assert.All(seen, one => Assert.Equal(expected.Values, one.Values));
    }

    [Theory]
    [MemberData(nameof(Shares))]
    public void Run_AnyShares_EndsWithTheBitsOfAll(int[] ends)
    {
        (float[] Weights, double?[] Losses, string[] Findings)[] shared = InMemoryGroup.Run(ends.Length, group =>
            Train(group, Joined(group, ends)));

        (float[] weights, double?[] losses, string[] findings) = Assert.Single(InMemoryGroup.Run(1, group =>
            Train(group, Read(0, s_windows.Count, out _))));
        Assert.All(shared, one => Assert.Equal(weights, one.Weights));
        Assert.All(shared, one => Assert.Equal(losses, one.Losses));
        Assert.All(shared, one => Assert.Equal(findings, one.Findings));
    }

    [Fact]
    public void Of_FourProcesses_HoldsAQuarterOfTheValues()
    {
        long all = Read(0, s_windows.Count, out _).StoredNumbers;

        long[] held = InMemoryGroup.Run(4, group => Joined(group, Even(4)).StoredNumbers);

        // Beside its own, each holds the last window of the process before.
        Assert.All(held, values => Assert.InRange(values, 1, (all / 4) + 30));
    }

    [Fact]
    public void Features_OfAnotherProcess_AreRefusedByName()
    {
        string[] messages = InMemoryGroup.Run(2, group =>
            Assert.Throws<InvalidOperationException>(() => Joined(group, Even(2)).Features(group.Rank == 0 ? s_windows.Count - 1 : 0)
                .ToArray()).Message);

        Assert.Equal($"The values of example {s_windows.Count - 1} are in process 1; expected one of process 0.", messages[0]);
        Assert.Equal("The values of example 0 are in process 0; expected one of process 1.", messages[1]);
    }

    [Fact]
    public void Collect_TokensAndClasses_ComeInTheOrderAskedFor()
    {
        string[] collected = InMemoryGroup.Run(3, group =>
        {
            var own = new SequenceDataset(new() { FeatureSize = 0, HasTokens = true, Target = TargetKind.Class, TargetSize = 0,
                TargetEveryStep = true });
            for (int i = 0; i <= group.Rank; i++)
                own.Add(new SequenceExample { Tokens = [group.Rank, i, 9], Classes = [i, -1, group.Rank], Weight = 1 + i });
            SequenceDataset all = DatasetJoin.Of(group, own, [""]);
            SequenceDataset some = all.Share!.Collect(all, [4, 0, 3]);
            return string.Join(' ', Enumerable.Range(0, some.Count)
                .Select(i => $"{string.Join(',', some.Tokens(i).ToArray())}:{string.Join(',', some.Classes(i).ToArray())}:{some.Weight(i)}"));
        });

        Assert.All(collected, text => Assert.Equal("2,1,9:1,-1,2:2 0,0,9:0,-1,0:1 2,0,9:0,-1,2:1", text));
    }

    [Theory]
    [InlineData(DistributedData.All, 1, "DistributedData is \"All\"; expected \"Share\"")]
    [InlineData(DistributedData.Share, 2, "TargetSize is 2; expected 1")]
    public void Require_OtherData_IsRefusedByAllAndNamesIt(DistributedData data, int targets, string expected)
    {
        var outcomes = InMemoryGroup.TryRun(3, group =>
        {
            bool odd = group.Rank == 2;
            var own = new SequenceDataset(new() { FeatureSize = 1, TargetSize = odd ? targets : 1 });
            DataHandshake.Of(own, odd ? data : DistributedData.Share, "training", null).Require(group);
            return 0;
        });

        Assert.All(outcomes, outcome => Assert.Contains($"Process 2 of 3 is not set up as process 0: its {expected}.",
            Assert.IsType<DistributedTrainingException>(outcome.Error).Message));
    }

    private static int[] Even(int size) => [.. Enumerable.Range(0, size).Select(rank => new WorkShard(rank, size).Range(s_windows.Count)
        .End)];

    private static IEnumerable<Window> Slide(string series, float[] values, int stride = 1)
    {
        for (int start = 0; start + 4 < values.Length; start += stride)
            yield return new Window(series, values[start..(start + 4)], values[start + 4]);
    }

    private static SequenceDataset Joined(IProcessGroup group, int[] ends)
    {
        SequenceDataset own = Read(group.Rank == 0 ? 0 : ends[group.Rank - 1], ends[group.Rank], out List<string> series);
        return DatasetJoin.Of(group, own, series);
    }

    private static SequenceDataset Read(int start, int end, out List<string> series)
    {
        var dataset = new SequenceDataset(new() { FeatureSize = 1 }) { LabelGap = 1 };
        series = [];
        foreach (Window window in s_windows[start..end])
        {
            int number = series.IndexOf(window.Series);
            if (number < 0)
            {
                number = series.Count;
                series.Add(window.Series);
            }
            dataset.Add(new SequenceExample { Features = window.Values, Targets = [window.Next], Series = number,
                Weight = window.Series[0] - 'a' + 1 });
        }
        return dataset;
    }

    private static Seen See(SequenceDataset dataset)
    {
        SequenceDataset levelled = dataset.WithWindow(new WindowTransform { Normalization = WindowNormalization.LastValueAndScale,
            RowSize = 1, TargetFeatures = [0] });
        (SequenceDataset first, SequenceDataset last) = dataset.SplitLast(0.3);
        (SequenceDataset some, SequenceDataset? others) = (Plain.Training with { ValidationFraction = 0.4,
            ValidationPart = ValidationPart.Random, Seed = 3 }).Split(levelled);
        FeatureScaling[] scalings =
            [.. ((SequenceDataset[])[dataset, first, last, some, others!])
                .SelectMany(view => (FeatureScaling[])[FeatureScaling.OfFeatures(view), FeatureScaling.OfTargets(view)])];
        SequenceDataset sample = some.WithScaling(scalings[0], scalings[1]).Sample();
        return new Seen(
            [.. Enumerable.Range(0, dataset.Count).Select(i => (dataset.Length(i), dataset.Weight(i), dataset.Series(i)))],
            dataset.CoveredFeatureRows(),
            [.. scalings.SelectMany(scaling => (float[])[.. scaling.Mean, .. scaling.Scale])],
            [DataFingerprint.Of(dataset), DataFingerprint.Of(first), DataFingerprint.Of(others!.WithScaling(scalings[2], null))],
            [.. Enumerable.Range(0, sample.Count).SelectMany(i => (float[])[.. sample.Features(i), .. sample.Targets(i)])]);
    }

    private static (float[] Weights, double?[] Losses, string[] Findings) Train(IProcessGroup group, SequenceDataset data)
    {
        TrainingOptions options = ResumableTraining.Options with { ValidationFraction = 0, Epochs = 3 };
        (SequenceDataset training, SequenceDataset? validation) = (options with { ValidationFraction = 0.2 }).Split(
            data.WithWindow(new WindowTransform { Normalization = WindowNormalization.LastValue, RowSize = 1, TargetFeatures = [0] }));
        (FeatureScaling features, FeatureScaling targets) = (FeatureScaling.OfFeatures(training), FeatureScaling.OfTargets(training));
        using var engine = new ManagedEngine(new() { InputSize = 1, HiddenSizes = [6, 5], OutputSize = 1 },
            Plain.Engine with { Regularization = new() { LayerDropout = 0.2f }, Threads = 1 });
        var doctor = new NetworkDoctor();
        var loop = new TrainingLoop(engine, options) { Observers = [doctor], Distribution = new DataParallel { Group = group,
            ShardsPerBatch = 4 } };
        TrainingHistory history = loop.Run(training.WithScaling(features, targets), validation!.WithScaling(features, targets));
        return (ResumableTraining.Weights(engine), [.. history.Epochs.Select(epoch => epoch.ValidationLoss)],
            [.. doctor.Diagnosis.Findings.Select(finding => finding.ToString()!)]);
    }

    private sealed record Window(string Series, float[] Values, float Next);

    private sealed record Seen(List<(int, float, int)> Entries, List<(int, int)> Rows, float[] Scalings, string[] Fingerprints,
        float[] Values);
}
