using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training.Schedules;
using Samples.Shared;

namespace Samples;

/// <summary>The series t·sin(t)/3 + 2·sin(5t), a label for each step: the window one step later. Then the network goes on by itself.</summary>
internal sealed class Waves : ISample
{
    private const int Steps = 20, BatchSize = 50, Ahead = 300;
    private const double Resolution = 0.1, End = 30;

    public string Name => "waves";

    public string Description => "Learn a series with a label for each step, then generate it step by step.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView training = ml.Data.LoadFromEnumerable(Windows(BatchSize * (context.Quick ? 60 : 1500), seed: 1));
        Answer simple = Evaluate("ReLU RNN, learning rate 0.001", ml, training, new LstmRegressor.Options { Cell = CellKind.RnnRelu, LearningRate = 0.001f, ClipNorm = null, ScaleFeatures = false, ScaleLabels = false }, context);
        Answer lstm = Evaluate("LSTM, one cycle to 0.01", ml, training, new LstmRegressor.Options { Schedule = LearningRateSchedule.OneCycle(0.01f) }, context);
        double floor = FirstStepVariance();
        Console.WriteLine(FormattableString.Invariant($"The first value alone leaves a variance of {floor:F3} in the second: nobody gets below {floor / Steps:F4} on average over {Steps} steps."));

        ChartLine Line(string name, string color, float[] values) => new(name, color, [.. values.Select((y, i) => (i * Resolution, (double)y))]);
        float[] truth = Window(0, Steps + Ahead);
        string path = context.OutputFile("waves.html");
        new HtmlReport("A series generated from its first 20 steps").Text(simple.Text).Text(lstm.Text)
            .Chart("LSTM", Line("truth", "#888", truth), Line("generated", "#d9480f", lstm.Generated))
            .Chart("ReLU RNN", Line("truth", "#888", truth), Line("generated", "#1971c2", simple.Generated)).Save(path);
        Console.WriteLine($"{path} shows {Ahead} generated steps beside the series.");
        return context.Quick || (simple.Error <= 0.05 && lstm.LateError <= 0.005);
    }

    private static Answer Evaluate(string name, MLContext ml, IDataView training, LstmRegressor.Options options, SampleContext context)
    {
        (options.LabelColumnName, options.FeatureColumnName, options.LabelEveryStep) = ("Next", "Values", true);
        (options.HiddenSizes, options.BatchSize, options.NumberOfEpochs, options.ValidationFraction) = ([100], BatchSize, 1, 0);
        (options.Seed, options.CancellationToken) = (1, context.Cancellation);
        long began = Stopwatch.GetTimestamp();
        var model = ml.Regression.Trainers.LstmRegressor(options).Fit(training);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double[] errors = new double[Steps];
        foreach (Scored row in ml.Data.CreateEnumerable<Scored>(model.Transform(ml.Data.LoadFromEnumerable(Windows(1000, seed: 2))), reuseRowObject: false))
            for (int t = 0; t < Steps; t++)
                errors[t] += Math.Pow(row.Score[t] - row.Next[t], 2) / 1000;
        double all = errors.Average(), late = errors[(Steps / 2)..].Average();
        string text = FormattableString.Invariant($"{name}: MSE {all:F5} over all steps, {errors[0]:F4} at the first, {late:F6} over the second half, {errors[^1]:F6} at the last; trained in {seconds:F1} s. {model.Diagnosis}");
        Console.WriteLine(text);
        return new Answer(text, all, late, Generate(ml, model));
    }

    private static float[] Generate(MLContext ml, ITransformer model)
    {
        using var engine = ml.Model.CreatePredictionEngine<Row, Continued>(model);
        List<float> series = [.. Window(0, Steps)];
        for (int i = 0; i < Ahead; i++)
            series.Add(engine.Predict(new Row { Values = [.. series.TakeLast(Steps)] }).Score[^1]);
        return [.. series];
    }

    // How far series of nearly the same value part in one step.
    private static double FirstStepVariance()
    {
        double[][] pairs = [.. Windows(40000, seed: 3).Select(row => new double[] { row.Values[0], row.Next[0] }).OrderBy(pair => pair[0])];
        return pairs.Chunk(40).Average(alike => alike.Average(pair => pair[1] * pair[1]) - Math.Pow(alike.Average(pair => pair[1]), 2));
    }

    private static Row[] Windows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Window(random.NextDouble() * (End - (Steps + 1) * Resolution), Steps + 1))
            .Select(values => new Row { Values = values[..^1], Next = values[1..] })];
    }

    private static float[] Window(double start, int count) =>
        [.. Enumerable.Range(0, count).Select(i => start + i * Resolution).Select(t => (float)(t * Math.Sin(t) / 3 + 2 * Math.Sin(5 * t)))];

    private sealed record Answer(string Text, double Error, double LateError, float[] Generated);

    private sealed class Row
    {
        [VectorType(Steps)]
        public float[] Values { get; set; } = [];

        [VectorType(Steps)]
        public float[] Next { get; set; } = [];
    }

    private sealed class Scored
    {
        public float[] Next { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    private sealed class Continued
    {
        public float[] Score { get; set; } = [];
    }
}
