using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Training;
using Samples.Shared;

namespace Samples;

/// <summary>
/// Whether a string of bits has an odd number of ones, learned from all strings of 7: with the library's defaults, and in a set-up that never gets
/// beyond 50 %, beside what the doctor says of it. And with a label for each step, learned on short strings and asked of long ones.
/// </summary>
internal sealed class Parity : ISample
{
    private const int Length = 7, LongestSeen = 16, Longest = 100;
    private const double Aim = 0.999;

    public string Name => "parity";

    public string Description => "Tell odd from even bit strings: with defaults, in a set-up that fails and is diagnosed, and step by step on long strings.";

    public bool Run(SampleContext context)
    {
        var page = new HtmlReport("The parity of bit strings");
        var defaults = Classify("Adam 0.001, clip norm 1 (the defaults)", "#1971c2", _ => { }, page, context);
        var failing = Classify("AdaGrad 0.1, clip norm 100", "#d9480f",
            options => (options.Optimizer, options.LearningRate, options.ClipNorm) = (new OptimizerSpec { Kind = OptimizerKind.AdaGrad }, 0.1f, 100), page, context);
        page.Chart("Training loss by epoch", defaults.Losses, failing.Losses);
        double steps = TagSteps(page, context);
        page.Save(context.OutputFile("parity.html"));
        return context.Quick || (defaults.IsRight && failing.IsAtBaseline && defaults.Seconds <= 60 && steps >= Aim);
    }

    private static (bool IsRight, bool IsAtBaseline, double Seconds, ChartLine Losses) Classify(string name, string color, Action<LstmBinaryClassifier.Options> change, HtmlReport page, SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        BitString[] all = BitString.All(Length);
        IDataView rows = ml.Data.LoadFromEnumerable(all);
        var options = new LstmBinaryClassifier.Options
        {
            LabelColumnName = nameof(BitString.IsOdd),
            FeatureColumnName = nameof(BitString.Values),
            HiddenSizes = [40, 40],
            NumberOfEpochs = context.Quick ? 20 : 1500,
            // Nothing can be held back where all strings there are shall be learned, and the loss stands still for long before it falls.
            ValidationFraction = 0, Patience = null,
            Seed = 1,
            NumberOfThreads = 1,
            CancellationToken = context.Cancellation,
        };
        change(options);
        long began = Stopwatch.GetTimestamp();
        LstmBinaryClassificationTransformer model = ml.BinaryClassification.Trainers.LstmBinaryClassifier(options).Fit(rows);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double[] losses = [.. model.History.Epochs.Select(epoch => epoch.Loss)];
        Answer[] answers = [.. ml.Data.CreateEnumerable<Answer>(model.Transform(rows), reuseRowObject: false)];
        int right = all.Zip(answers).Count(pair => pair.First.IsOdd == pair.Second.PredictedLabel);
        page.Print(FormattableString.Invariant($"{name}: {right} of {all.Length} strings of {Length} bits right after {losses.Length} epochs, {seconds:F1} s; digest of the probabilities {Digest.Of(answers.Select(a => a.Probability))}.")).Print($"The doctor: {model.Diagnosis}");
        return (right == all.Length, model.Diagnosis[FindingCode.AtBaseline] is not null, seconds, ChartLine.Of(name, color, losses, first: 1));
    }

    private static double TagSteps(HtmlReport page, SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        var model = ml.Transforms.Conversion.MapValueToKey("Label", nameof(BitString.Parities))
            .Append(ml.MulticlassClassification.Trainers.LstmTagger(new LstmTagger.Options
            {
                FeatureColumnName = nameof(BitString.Values),
                Bidirectional = false,
                LearningRate = 0.01f,
                NumberOfEpochs = context.Quick ? 1 : 30,
                Seed = 1,
                CancellationToken = context.Cancellation,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue(nameof(Tagged.Said), "PredictedLabel"))
            .Fit(ml.Data.LoadFromEnumerable(BitString.Random(context.Quick ? 200 : 2000, 1, LongestSeen, seed: 1)));
        BitString[] fresh = BitString.Random(1000, Longest, Longest, seed: 2);
        Tagged[] answers = [.. ml.Data.CreateEnumerable<Tagged>(model.Transform(ml.Data.LoadFromEnumerable(fresh)), reuseRowObject: false)];
        double[] byStep = [.. Enumerable.Range(0, Longest).Select(t => fresh.Zip(answers).Average(pair => pair.First.Parities[t] == pair.Second.Said[t] ? 1.0 : 0))];
        page.Print(FormattableString.Invariant($"A label for each step, trained on at most {LongestSeen} bits: {byStep.Average():P3} of the steps of {fresh.Length} fresh strings of {Longest} bits right, {byStep[^1]:P2} of the last ones (aim: {Aim:P1}); digest of the scores {Digest.Of(answers.SelectMany(a => a.Score))}."));
        page.Chart("Part of the fresh strings that are right, by step", ChartLine.Of("LSTM", "#1971c2", byStep, first: 1));
        return byStep.Average();
    }

    private sealed class Answer
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }
    }

    private sealed class Tagged
    {
        public float[] Said { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
