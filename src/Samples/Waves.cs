using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training.Schedules;
using Samples.Shared;

namespace Samples;

/// <summary>
/// The series t·sin(t)/3 + 2·sin(5t), a label for each step of a window of 20: the window one step later. The window alone does not tell its first
/// steps where in the series they are; an LSTM that has read the window before, and goes on from there, knows. Then each goes on by itself.
/// </summary>
internal sealed class Waves : ISample
{
    private const int Steps = 20, BatchSize = 50, Fresh = 1000, Ahead = 300;

    public string Name => "waves";

    public string Description => "Learn a series with a label for each step, then generate it step by step.";

    public bool Run(SampleContext context)
    {
        var page = new HtmlReport("A series generated from its beginning");
        Answer simple = Evaluate("ReLU RNN, learning rate 0.001, windows of 20", "#1971c2", page, context, 0,
            new LstmRegressor.Options { Cell = CellKind.RnnRelu, LearningRate = 0.001f, ClipNorm = null, ScaleFeatures = false, ScaleLabels = false });
        Answer alone = Evaluate("LSTM, one cycle to 0.01, windows of 20", "#2f9e44", page, context, 0, OneCycle());
        Answer carried = Evaluate("LSTM, one cycle to 0.01, windows of 20 after the 20 steps before", "#d9480f", page, context, Steps, OneCycle());
        double variance = WaveWindow.SecondValueVariance();
        page.Print(FormattableString.Invariant($"A window's first value leaves a variance of {variance:F3} in the second: whoever knows the window alone cannot get below {variance / Steps:F4} on average over its {Steps} steps."));
        string path = context.OutputFile("waves.html");
        page.Save(path);
        Console.WriteLine($"{path} shows {Ahead} generated steps beside the series.");
        return context.Quick || (simple.Error <= 0.05 && alone.StreamedError <= 0.005 && carried.Error <= 0.005 && carried.StreamedError <= 0.005);
    }

    private static LstmRegressor.Options OneCycle() => new() { Schedule = LearningRateSchedule.OneCycle(0.01f) };

    private static Answer Evaluate(string name, string color, HtmlReport page, SampleContext context, int lead, LstmRegressor.Options options)
    {
        (options.LabelColumnName, options.FeatureColumnName, options.LabelEveryStep) = (nameof(WaveWindow.Next), nameof(WaveWindow.Values), true);
        (options.HiddenSizes, options.BatchSize, options.NumberOfEpochs, options.ValidationFraction) = ([100], BatchSize, 1, 0);
        (options.Seed, options.CancellationToken) = (1, context.Cancellation);
        var ml = new MLContext(seed: 1);
        IDataView training = ml.Data.LoadFromEnumerable(WaveWindow.Random(BatchSize * (context.Quick ? 60 : 1500), lead + Steps, seed: 1));
        long began = Stopwatch.GetTimestamp();
        LstmRegressionTransformer model = ml.Regression.Trainers.LstmRegressor(options).Fit(training);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double[][] errors = Errors(ml, model, WaveWindow.Random(Fresh, lead + Steps, seed: 2));
        double[] byStep = [.. Enumerable.Range(lead, Steps).Select(t => errors.Average(window => window[t]))];
        // The whole series in one go: the state is carried from each window of 20 to the next. Only the very first has nothing before it.
        double all = byStep.Average(), streamed = Errors(ml, model, [WaveWindow.Whole])[0][Steps..].Average();
        float[] generated = Generate(ml, model, lead + Steps);
        page.Print(FormattableString.Invariant($"{name}: MSE {all:F6} over all steps of {Fresh} fresh windows, {byStep[0]:F6} at the first, {byStep[(Steps / 2)..].Average():F6} over the second half; {streamed:F6} over the series in one go, without its first window; trained in {seconds:F1} s; digest of what it generates {Digest.Of(generated)}. {model.Diagnosis}"));
        page.Chart(name, ChartLine.Of("truth", "#888", WaveWindow.Series(0, Steps + Ahead), step: WaveWindow.Resolution), ChartLine.Of("generated", color, generated, step: WaveWindow.Resolution));
        return new Answer(all, streamed);
    }

    private static double[][] Errors(MLContext ml, ITransformer model, WaveWindow[] windows) =>
        [.. ml.Data.CreateEnumerable<Scored>(model.Transform(ml.Data.LoadFromEnumerable(windows)), reuseRowObject: false)
            .Select(row => row.Score.Zip(row.Next, (score, next) => Math.Pow(score - next, 2)).ToArray())];

    // Each step is added to what the next is predicted from, which is never longer than what the network was trained on.
    private static float[] Generate(MLContext ml, ITransformer model, int longest)
    {
        using var engine = ml.Model.CreatePredictionEngine<WaveWindow, Continued>(model);
        List<float> series = [.. WaveWindow.Series(0, Steps)];
        for (int i = 0; i < Ahead; i++)
            series.Add(engine.Predict(new WaveWindow { Values = [.. series.TakeLast(longest)] }).Score[^1]);
        return [.. series];
    }

    private sealed record Answer(double Error, double StreamedError);

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
