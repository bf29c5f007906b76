using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Training.Schedules;
using Samples.Shared;

namespace Samples;

/// <summary>Handwritten digits, read row by row from top to bottom: 28 steps of 28 pixels (Le, Jaitly and Hinton 2015 read them so).</summary>
internal sealed class Mnist : ISample
{
    private const int Side = 28;

    public string Name => "mnist";

    public string Description => "Classify handwritten digits row by row; --data names the folder of MNIST's four .gz files.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        // Without the files a quick run still shows that everything works.
        bool generated = context is { Quick: true, DataFolder: null };
        Image[] train = generated ? Bars(300, seed: 1) : Images(context, "train", context.Quick ? 1000 : 60000);
        Image[] test = generated ? Bars(100, seed: 2) : Images(context, "t10k", context.Quick ? 500 : 10000);
        int epochs = context.Quick ? 2 : 6;
        var model = TrainingBar.Run(epochs, report => ml.Transforms.Conversion.MapValueToKey("Label", nameof(Image.Digit))
            .Append(ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options
            {
                FeatureColumnName = nameof(Image.Pixels),
                HiddenSizes = [128],
                NumberOfEpochs = epochs,
                BatchSize = 64,
                Schedule = LearningRateSchedule.OneCycle(0.004f),
                ValidationFraction = 0.05,
                ScaleFeatures = false,
                EpochDone = report,
                CancellationToken = context.Cancellation,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue(nameof(Answer.Digit), "PredictedLabel"))
            .Fit(ml.Data.LoadFromEnumerable(train)));

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(ml.Data.LoadFromEnumerable(test)));
        Console.WriteLine(FormattableString.Invariant($"{test.Length} test images: accuracy {metrics.MicroAccuracy:P2}, log-loss {metrics.LogLoss:F4}."));
        using var engine = ml.Model.CreatePredictionEngine<Image, Answer>(model);
        Answer answer = engine.Predict(test[0]);
        Draw(test[0]);
        Console.WriteLine(FormattableString.Invariant($"This is a {test[0].Digit}; the model says {answer.Digit} with probability {answer.Score.Max():F3}."));
        return metrics.MicroAccuracy > 0.98 || context.Quick;
    }

    private static Image[] Images(SampleContext context, string part, int most)
    {
        IdxFile images = IdxFile.Read(context.DataFile($"{part}-images-idx3-ubyte.gz")), labels = IdxFile.Read(context.DataFile($"{part}-labels-idx1-ubyte.gz"));
        int size = Side * Side, count = Math.Min(most, labels.Values.Length);
        return [.. Enumerable.Range(0, count).Select(i => new Image { Digit = labels.Values[i], Pixels = [.. images.Values[(i * size)..((i + 1) * size)].Select(pixel => pixel / 255f)] })];
    }

    /// <summary>Images of an upright (1) or a lying bar (0).</summary>
    private static Image[] Bars(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int place = random.Next(4, Side - 4);
            float[] pixels = [.. Enumerable.Range(0, Side * Side).Select(p => Math.Abs((i % 2 == 0 ? p / Side : p % Side) - place) < 2 ? 1f : 0f)];
            return new Image { Digit = (uint)(i % 2), Pixels = pixels };
        })];
    }

    private static void Draw(Image image)
    {
        for (int row = 0; row < Side; row += 2)
            Console.WriteLine(string.Concat(image.Pixels.AsSpan(row * Side, Side).ToArray().Select(pixel => pixel > 0.6f ? '#' : pixel > 0.2f ? '+' : ' ')));
    }

    private sealed class Image
    {
        [VectorType(Side, Side)]
        public float[] Pixels { get; set; } = [];

        public uint Digit { get; set; }
    }

    private sealed class Answer
    {
        public uint Digit { get; set; }

        public float[] Score { get; set; } = [];
    }
}
