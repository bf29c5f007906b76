using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Training.Schedules;
using Samples.Shared;

namespace Samples;

/// <summary>
/// Whether a string of bits has an odd number of ones: one wrong step and the answer is wrong, so nothing less than a state that is flipped and
/// kept will do. Learned on short strings, asked about longer ones.
/// </summary>
internal sealed class Parity : ISample
{
    private const int Longest = 20;

    public string Name => "parity";

    public string Description => "Tell odd from even bit strings (binary classification), also longer ones than trained on.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        int epochs = context.Quick ? 1 : 40;
        IDataView training = ml.Data.LoadFromEnumerable(Strings(context.Quick ? 200 : 6000, 1, Longest, seed: 1));
        LstmBinaryClassificationTransformer model = TrainingBar.Run(epochs, report => ml.BinaryClassification.Trainers
            .LstmBinaryClassifier(new LstmBinaryClassifier.Options
            {
                LabelColumnName = nameof(Bits.IsOdd),
                FeatureColumnName = nameof(Bits.Values),
                NumberOfEpochs = epochs,
                Schedule = LearningRateSchedule.OneCycle(0.02f),
                EpochDone = report,
                CancellationToken = context.Cancellation,
            }).Fit(training));

        bool learned = true;
        foreach ((int shortest, int longest) in new[] { (1, Longest), (Longest + 1, 2 * Longest), (100, 200) })
        {
            IDataView test = ml.Data.LoadFromEnumerable(Strings(500, shortest, longest, seed: 2));
            CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(model.Transform(test), nameof(Bits.IsOdd));
            Console.WriteLine(FormattableString.Invariant($"{shortest,3} to {longest,3} bits: accuracy {metrics.Accuracy:P1}, log-loss {metrics.LogLoss:F4}"));
            learned &= longest > Longest || metrics.Accuracy > 0.99;
        }
        using var engine = ml.Model.CreatePredictionEngine<Bits, Answer>(model);
        foreach (string bits in new[] { "0", "1", "10110", "1111111111111111" })
        {
            Answer answer = engine.Predict(new Bits { Values = [.. bits.Select(bit => bit - '0')] });
            Console.WriteLine(FormattableString.Invariant($"{bits} is {(answer.PredictedLabel ? "odd" : "even")} (probability of odd {answer.Probability:F4})"));
        }
        return learned || context.Quick;
    }

    private static Bits[] Strings(int count, int shortest, int longest, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] values = [.. Enumerable.Range(0, random.Next(shortest, longest + 1)).Select(_ => random.Next(2))];
            return new Bits { Values = values, IsOdd = values.Sum() % 2 == 1 };
        })];
    }

    private sealed class Bits
    {
        public float[] Values { get; set; } = [];

        public bool IsOdd { get; set; }
    }

    private sealed class Answer
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }
    }
}
