using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Training;
using Samples.Shared;

namespace Samples;

/// <summary>
/// The text abcdefghijkl over and over: the next character as a number and as a class. Beside it the set-up of someone whose network only ever
/// said the average, and what the doctor says of it.
/// </summary>
internal sealed class Periodic : ISample
{
    private const string Alphabet = "abcdefghijkl";
    private const int Length = 12, Ahead = 40;

    public string Name => "periodic";

    public string Description => "Continue a periodic text, by regression and by classification; and diagnose a set-up that cannot.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        Window[] windows = Windows(context.Quick ? 400 : 1200);
        IDataView text = ml.Data.LoadFromEnumerable(windows);
        long began = Stopwatch.GetTimestamp();
        var regression = ml.Regression.Trainers.LstmRegressor(Working(new LstmRegressor.Options(), "Code", context)).Fit(text);
        var classification = ml.Transforms.Conversion.MapValueToKey("Label", "Code")
            .Append(ml.MulticlassClassification.Trainers.LstmClassifier(Working(new LstmClassifier.Options(), "Label", context)))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel")).Fit(text);
        using var numbers = ml.Model.CreatePredictionEngine<Window, Number>(regression);
        using var classes = ml.Model.CreatePredictionEngine<Window, Class>(classification);
        int byNumber = ExactPhases("regression", window => numbers.Predict(window).Score);
        int byClass = ExactPhases("classification", window => classes.Predict(window).Answer);
        Console.WriteLine(FormattableString.Invariant($"Both trained and asked in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s."));
        Console.WriteLine($"The doctor on the regression: {regression.Diagnosis}");

        // Batches read as [steps, sequences] where they are [sequences, steps], numbers as they come, SGD with momentum: nothing can be learned.
        var failing = ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
        {
            LabelColumnName = "Code",
            FeatureColumnName = "Codes",
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd, Momentum = 0.9f },
            LearningRate = 0.001f,
            ClipNorm = null,
            ScaleFeatures = false,
            ScaleLabels = false,
            ValidationFraction = 0,
            NumberOfEpochs = 40,
            Seed = 1,
        }).Fit(ml.Data.LoadFromEnumerable(Misread(windows)));
        using var wrong = ml.Model.CreatePredictionEngine<Window, Number>(failing);
        ExactPhases("misread batches", window => wrong.Predict(window).Score);
        Console.WriteLine($"The doctor on the misread batches:{Environment.NewLine}{failing.Diagnosis}");
        return byNumber == Length && byClass == Length && !failing.Diagnosis.IsHealthy;
    }

    private static T Working<T>(T options, string label, SampleContext context) where T : RecurrentTrainerOptions
    {
        options.LabelColumnName = label;
        options.FeatureColumnName = "Codes";
        options.LearningRate = 0.01f;
        options.ValidationFraction = 0;
        options.NumberOfEpochs = context.Quick ? 60 : 40;
        options.Seed = 1;
        options.CancellationToken = context.Cancellation;
        return options;
    }

    /// <summary>From how many of the twelve phases the next characters are all right, each prediction being read as if it were the text.</summary>
    private static int ExactPhases(string name, Func<Window, float> predict)
    {
        string[] texts = [.. Enumerable.Range(0, Length).Select(phase =>
        {
            List<float> codes = [.. Codes(phase, Length)];
            for (int i = 0; i < Ahead; i++)
                codes.Add(Math.Clamp(MathF.Round(predict(new Window { Codes = [.. codes.TakeLast(Length)] })), 0, Alphabet.Length - 1));
            return string.Concat(codes.Select(code => Alphabet[(int)code]));
        })];
        int exact = texts.Where((text, phase) => text.AsSpan().SequenceEqual(string.Concat(Codes(phase, text.Length).Select(code => Alphabet[(int)code])))).Count();
        Console.WriteLine($"{name}: the next {Ahead} characters are exact from {exact} of {Length} phases; from the first: {texts[0][..Length]}|{texts[0][Length..]}");
        return exact;
    }

    private static float[] Codes(int first, int count) => [.. Enumerable.Range(first, count).Select(i => (float)(i % Alphabet.Length))];

    private static Window[] Windows(int count) => [.. Enumerable.Range(0, count).Select(i => new Window { Codes = Codes(i, Length), Code = (i + Length) % Alphabet.Length })];

    private static IEnumerable<Window> Misread(Window[] windows)
    {
        new Random(1).Shuffle(windows);
        return windows.Chunk(Length).Where(batch => batch.Length == Length)
            .SelectMany(batch => batch.Select((window, i) => new Window { Codes = [.. batch.Select(other => other.Codes[i])], Code = window.Code }));
    }

    private sealed class Window
    {
        [VectorType(Length)]
        public float[] Codes { get; set; } = [];

        public float Code { get; set; }
    }

    private sealed class Number
    {
        public float Score { get; set; }
    }

    private sealed class Class
    {
        public float Answer { get; set; }
    }
}
