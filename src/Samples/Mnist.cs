using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training.Schedules;
using Samples.Shared;

namespace Samples;

/// <summary>Handwritten digits, read row by row from top to bottom, 28 steps of 28 pixels, by a simple recurrent network and by an LSTM.</summary>
internal sealed class Mnist : ISample
{
    private static readonly Recipe[] Recipes =
    [
        new("rnn", CellKind.RnnTanh, Epochs: 30, LearningRate: 0.001f, Dropout: 0, Aim: 0.9809),
        new("lstm", CellKind.Lstm, Epochs: 14, LearningRate: 0.002f, Dropout: 0.2f, Aim: 0.99),
    ];

    public string Name => "mnist";

    public string Description => "Classify handwritten digits row by row; --data names the folder of MNIST's four .gz files, --variant rnn or lstm one network.";

    public IEnumerable<string> Variants => Recipes.Select(recipe => recipe.Name);

    public bool Run(SampleContext context)
    {
        Recipe[] recipes = [.. Recipes.Where(recipe => context.Variant is null || context.Variant == recipe.Name)];
        // Without the files a quick run still shows that everything works.
        bool generated = context is { Quick: true, DataFolder: null };
        DigitImage[] train = generated ? DigitImage.Bars(300, seed: 1) : DigitImage.Read(context, "train", context.Quick ? 1000 : 60000);
        DigitImage[] test = generated ? DigitImage.Bars(100, seed: 2) : DigitImage.Read(context, "t10k", context.Quick ? 500 : 10000);
        var page = new HtmlReport("Handwritten digits, read row by row");
        var losses = new List<ChartLine>();
        bool reached = true;
        foreach (Recipe recipe in recipes)
        {
            var line = new List<double>();
            long began = Stopwatch.GetTimestamp();
            var ml = new MLContext(seed: 1);
            ITransformer model = Train(ml, recipe, train, context, line);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(test));
            MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(scored);
            Answer[] answers = [.. ml.Data.CreateEnumerable<Answer>(scored, reuseRowObject: false)];
            page.Print(FormattableString.Invariant($"{recipe.Name} of 150: accuracy {metrics.MicroAccuracy:P2} on {test.Length} test images (aim: {recipe.Aim:P2}), log-loss {metrics.LogLoss:F4}; {line.Count} epochs in {seconds:F0} s; digest of the scores {Digest.Of(answers.SelectMany(answer => answer.Score))}."));
            reached &= metrics.MicroAccuracy >= recipe.Aim;
            losses.Add(ChartLine.Of(recipe.Name, losses.Count == 0 ? "#1971c2" : "#d9480f", line, first: 1));
            page.Picture($"What the {recipe.Name} misread, as what", DigitGallery.Draw(
                [.. test.Zip(answers).Where(pair => pair.First.Digit != pair.Second.Said).Take(36).Select(pair => (pair.First.Pixels, $"{pair.First.Digit} as {pair.Second.Said}"))]));
        }
        page.Chart("Training loss by epoch", [.. losses]).Save(context.OutputFile("mnist.html"));
        return reached || context.Quick;
    }

    private static ITransformer Train(MLContext ml, Recipe recipe, DigitImage[] images, SampleContext context, List<double> losses)
    {
        int epochs = context.Quick ? 2 : recipe.Epochs;
        return TrainingBar.Run(epochs, report => ml.Transforms.Conversion.MapValueToKey("Label", nameof(DigitImage.Digit))
            .Append(ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options
            {
                FeatureColumnName = nameof(DigitImage.Pixels),
                ScaleFeatures = false,
                Cell = recipe.Cell,
                HiddenSizes = [150],
                Dropout = new() { OutputDropout = recipe.Dropout },
                BatchSize = 150,
                NumberOfEpochs = epochs,
                Schedule = LearningRateSchedule.Cosine(recipe.LearningRate, warmUpSteps: 200),
                ValidationFraction = 0,
                Patience = null,
                Seed = 1,
                EpochDone = epoch => { losses.Add(epoch.Loss); report(epoch); },
                CancellationToken = context.Cancellation,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue(nameof(Answer.Said), "PredictedLabel"))
            .Fit(ml.Data.LoadFromEnumerable(images)));
    }

    private sealed record Recipe(string Name, CellKind Cell, int Epochs, float LearningRate, float Dropout, double Aim);

    private sealed class Answer
    {
        public uint Said { get; set; }

        public float[] Score { get; set; } = [];
    }
}
