using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Training;
using Samples.Shared;

namespace Samples;

/// <summary>
/// The text abcdefghijkl over and over: the next character as a number and as a class. Beside it the set-up of someone whose network only ever
/// said the average, and what the doctor says of it.
/// </summary>
internal sealed class Periodic : ISample
{
    private const int Length = PeriodicWindow.Length, Ahead = 40;

    public string Name => "periodic";

    public string Description => "Continue a periodic text, by regression and by classification; and diagnose a set-up that cannot.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        var page = new HtmlReport("A periodic text continued");
        PeriodicWindow[] windows = PeriodicWindow.Sequence(context.Quick ? 400 : 1200);
        IDataView text = ml.Data.LoadFromEnumerable(windows);
        long began = Stopwatch.GetTimestamp();
        var regression = ml.Regression.Trainers.LstmRegressor(Common(nameof(PeriodicWindow.Next), 0.01f, context, new LstmRegressor.Options())).Fit(text);
        var classification = ml.Transforms.Conversion.MapValueToKey("Label", nameof(PeriodicWindow.Next))
            .Append(ml.MulticlassClassification.Trainers.LstmClassifier(Common("Label", 0.01f, context, new LstmClassifier.Options())))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel")).Fit(text);
        using var numbers = ml.Model.CreatePredictionEngine<PeriodicWindow, Number>(regression);
        using var classes = ml.Model.CreatePredictionEngine<PeriodicWindow, Class>(classification);
        int byNumber = ExactPhases("regression", page, window => numbers.Predict(window) is var said ? (said.Score, [said.Score]) : default);
        int byClass = ExactPhases("classification", page, window => classes.Predict(window) is var said ? (said.Answer, said.Score) : default);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        page.Print(FormattableString.Invariant($"Both trained and asked in {seconds:F1} s. The doctor on the regression: {regression.Diagnosis}"));

        // Time laid along the batch, numbers as they come, plain momentum descent with noise on the gradient: nothing can be learned.
        var failing = ml.Regression.Trainers.LstmRegressor(Common(nameof(PeriodicWindow.Next), 0.001f, context, new LstmRegressor.Options
        {
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd, Momentum = 0.9f },
            GradientNoise = 0.01f,
            ClipNorm = null,
            ScaleFeatures = false,
            ScaleLabels = false,
            BatchSize = Length,
        })).Fit(ml.Data.LoadFromEnumerable(PeriodicWindow.Misread(windows)));
        using var wrong = ml.Model.CreatePredictionEngine<PeriodicWindow, Number>(failing);
        ExactPhases("misread batches", page, window => wrong.Predict(window) is var said ? (said.Score, [said.Score]) : default);
        page.Print($"The doctor on the misread batches:{Environment.NewLine}{failing.Diagnosis}").Save(context.OutputFile("periodic.html"));
        return byNumber == Length && byClass == Length && failing.Diagnosis[FindingCode.CollapsedToMean] is not null && seconds < 60;
    }

    private static T Common<T>(string label, float learningRate, SampleContext context, T options) where T : RecurrentTrainerOptions
    {
        (options.LabelColumnName, options.FeatureColumnName) = (label, nameof(PeriodicWindow.Codes));
        (options.LearningRate, options.NumberOfEpochs, options.ValidationFraction) = (learningRate, context.Quick ? 60 : 40, 0);
        (options.Seed, options.NumberOfThreads, options.CancellationToken) = (1, 1, context.Cancellation);
        return options;
    }

    /// <summary>From how many of the twelve phases the next characters are all right, each prediction being read as if it were the text.</summary>
    private static int ExactPhases(string name, HtmlReport page, Func<PeriodicWindow, (float Next, float[] Scores)> predict)
    {
        List<float> scores = [], next = [];
        float[][] texts = [.. Enumerable.Range(0, Length).Select(phase =>
        {
            List<float> codes = [.. PeriodicWindow.CodesFrom(phase, Length)];
            for (int i = 0; i < Ahead; i++)
            {
                (float said, float[] all) = predict(new PeriodicWindow { Codes = [.. codes.TakeLast(Length)] });
                scores.AddRange(all);
                next.Add(said);
                codes.Add(Math.Clamp(MathF.Round(said), 0, Length - 1));
            }
            return codes.ToArray();
        })];
        int exact = texts.Where((text, phase) => text.SequenceEqual(PeriodicWindow.CodesFrom(phase, text.Length))).Count();
        page.Print($"{name}: the next {Ahead} characters are exact from {exact} of {Length} phases; from the first: {PeriodicWindow.Text(texts[0][..Length])}|{PeriodicWindow.Text(texts[0][Length..])}; digest of the scores {Digest.Of(scores)}.");
        page.Chart($"The {Ahead} characters after abcdefghijkl as codes: {name}", ChartLine.Of("truth", "#888", PeriodicWindow.CodesFrom(0, Ahead)), ChartLine.Of("said", "#d9480f", next.Take(Ahead)));
        return exact;
    }

    private sealed class Number
    {
        public float Score { get; set; }
    }

    private sealed class Class
    {
        public float Answer { get; set; }

        public float[] Score { get; set; } = [];
    }
}
