using System.Globalization;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>Trains a task from every variant's initial weights, with several seeds, and tells the means of the losses.</summary>
internal static class WeightsTable
{
    /// <summary>The lines of the table, each as soon as it is known.</summary>
    /// <param name="task">What to train.</param>
    /// <param name="variants">Names of variants; none: all.</param>
    /// <param name="seeds">With how many seeds.</param>
    /// <param name="threads">Threads to compute with.</param>
    public static IEnumerable<string> Lines(IWeightsTask task, IReadOnlyCollection<string> variants, int seeds, int threads)
    {
        yield return "| task | initial weights | training | validation | best validation | validation by seed |";
        yield return "|---|---|---:|---:|---:|---|";
        foreach (WeightsVariant variant in WeightsVariant.All.Where(known => variants.Count == 0 || variants.Contains(known.Name)))
        {
            TrainingHistory[] runs = [.. Enumerable.Range(1, seeds).Select(seed => task.Train(variant, seed, threads))];
            double[] last = [.. runs.Select(run => run.Epochs[^1].ValidationLoss ?? double.NaN)];
            double training = runs.Average(run => run.Epochs[^1].Loss), best = runs.Average(run => run.Epochs.Min(epoch => epoch.ValidationLoss ?? double.NaN));
            string bySeed = string.Join(' ', last.Select(loss => loss.ToString("F4", CultureInfo.InvariantCulture)));
            yield return FormattableString.Invariant($"| {task.Name} | {variant.Name} | {training:F4} | {last.Average():F4} | {best:F4} | {bySeed} |");
        }
    }
}
