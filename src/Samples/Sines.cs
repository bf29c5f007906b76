using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Samples.Shared;

namespace Samples;

/// <summary>Sines of random phase and frequency, continued. The loss is the squared error summed over the outputs, on sines never trained on.</summary>
internal sealed class Sines : ISample
{
    private const double SamplesPerSecond = 100;

    public string Name => "sines";

    public string Description => $"Continue sines; --variant names the network: {string.Join(", ", Variants)}.";

    public IEnumerable<string> Variants => SineRecipe.All.Select(recipe => recipe.Name);

    public bool Run(SampleContext context)
    {
        string name = context.Variant ?? "own";
        SineRecipe recipe = SineRecipe.All.Single(known => known.Name == name);
        if (context.Quick)
            recipe = recipe with { HiddenSizes = [8], Examples = 2000 };
        int seeds = context.Seeds ?? (context.Quick ? 1 : 5);
        var losses = new double[seeds];
        var page = new HtmlReport($"Sines continued: {recipe.Cell} {string.Join('-', recipe.HiddenSizes)}, {recipe.Past} samples to {recipe.Future}, {recipe.Examples} examples");
        (long began, Environment.ProcessCpuUsage spent) = (Stopwatch.GetTimestamp(), Environment.CpuUsage);
        // One seed to a core: small networks gain little from a second thread, and their bits do not depend on it.
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = context.Cancellation }, i =>
        {
            var ml = new MLContext(i + 1);
            var model = ml.Regression.Trainers.LstmRegressor(recipe.Options(i + 1, context.Cancellation)).Fit(Rows(ml, recipe, recipe.Examples, i + 1));
            Continued[] fresh = [.. ml.Data.CreateEnumerable<Continued>(model.Transform(Rows(ml, recipe, 1000, seed: 1000)), reuseRowObject: false)];
            losses[i] = fresh.Average(Loss);
            Console.WriteLine(FormattableString.Invariant($"seed {i + 1}: loss {losses[i]:R} on 1,000 fresh sines"));
            if (i == 0)
                Draw(page, fresh);
        });
        double mean = losses.Average(), spread = Math.Sqrt(losses.Sum(loss => Math.Pow(loss - mean, 2)) / Math.Max(1, seeds - 1));
        string summary = FormattableString.Invariant($"""
            {name}: reported or aimed at {recipe.Goal} | reached {mean:F6} ± {spread:F6} ({losses.Min():F6} to {losses.Max():F6}) over {seeds} seeds
             | {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s, {(Environment.CpuUsage.TotalTime - spent.TotalTime).TotalSeconds:F1} s of CPU
            """).ReplaceLineEndings("");
        Console.WriteLine(summary);
        page.Text(summary).Save(context.OutputFile($"sines-{name}.html"));
        return context.Quick || mean <= recipe.Goal;
    }

    private static double Loss(Continued sine) => sine.Future.Zip(sine.Score, (truth, score) => Math.Pow(truth - score, 2)).Sum();

    private static void Draw(HtmlReport page, Continued[] fresh)
    {
        foreach (Continued sine in fresh.Take(3))
        {
            double step = 1 / SamplesPerSecond, now = sine.Past.Length * step;
            page.Chart(FormattableString.Invariant($"A fresh sine, loss {Loss(sine):F4}"), ChartLine.Of("given", "#1971c2", sine.Past, 0, step),
                ChartLine.Of("truth", "#888", sine.Future, now, step), ChartLine.Of("predicted", "#d9480f", sine.Score, now, step));
        }
    }

    // Made row by row as the trainer asks for them.
    private static IDataView Rows(MLContext ml, SineRecipe recipe, int count, int seed)
    {
        SchemaDefinition shape = SchemaDefinition.Create(typeof(Sine));
        shape[nameof(Sine.Past)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, recipe.Past);
        shape[nameof(Sine.Future)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, recipe.Future);
        return ml.Data.LoadFromEnumerable(Generate(recipe, count, seed), shape);
    }

    private static IEnumerable<Sine> Generate(SineRecipe recipe, int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            double frequency = recipe.Lowest + random.NextDouble() * (recipe.Highest - recipe.Lowest), phase = random.NextDouble() * 2 * Math.PI;
            float At(int sample) => (float)Math.Sin(2 * Math.PI * frequency * sample / SamplesPerSecond + phase);
            yield return new Sine { Past = [.. Enumerable.Range(0, recipe.Past).Select(At)], Future = [.. Enumerable.Range(recipe.Past, recipe.Future).Select(At)] };
        }
    }

    private sealed class Sine
    {
        public float[] Past { get; set; } = [];

        public float[] Future { get; set; } = [];
    }

    private sealed class Continued
    {
        public float[] Past { get; set; } = [];

        public float[] Future { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
