using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>
/// What forecasts that learn nothing cost on the validation data, in the unit of the network's own loss. Only where all targets are
/// known to continue features (<see cref="SequenceShape.Continuation"/>).
/// </summary>
/// <param name="NoChange">Loss of repeating the last value.</param>
/// <param name="LastSeason">Loss of repeating the last season; null when there is none.</param>
/// <param name="Season">The season, in steps; 1 when there is none.</param>
internal sealed record NaiveBaseline(double NoChange, double? LastSeason, int Season)
{
    // To find the season and to know the losses to a percent, in some milliseconds.
    private const int MostValues = 4096, MostExamples = 10_000;

    /// <summary>The better of them.</summary>
    public double Best => Math.Min(NoChange, LastSeason ?? double.PositiveInfinity);

    /// <summary>The losses; null when they cannot be told.</summary>
    /// <param name="loss">What is minimised.</param>
    /// <param name="training">Where the season is looked for.</param>
    /// <param name="validation">What is forecast.</param>
    public static NaiveBaseline? Of(LossSpec loss, SequenceDataset training, SequenceDataset? validation)
    {
        if (validation?.Shape.Continuation is not { } continuation || validation.Count == 0 || continuation.Features.Contains(-1)
            || loss.Kind is LossKind.BinaryCrossEntropy or LossKind.SoftmaxCrossEntropy)
            return null;
        int season = FindSeason(training, continuation.Features[0]);
        double noChange = Loss(loss, validation, continuation, season: 1);
        return new NaiveBaseline(noChange, season > 1 ? Loss(loss, validation, continuation, season) : null, season);
    }

    private static int FindSeason(SequenceDataset training, int feature)
    {
        (int start, int count) = LongestRun(training);
        ReadOnlySpan<float> series = Column(training.FeatureRows(start, Math.Min(count, MostValues)), training.Shape.FeatureSize, feature);
        return Baselines.Season.Find(series, Baselines.Season.Longest);
    }

    /// <summary>The most rows on end that windows cover: sliding over a series each adds but its last.</summary>
    private static (int Start, int Count) LongestRun(SequenceDataset training)
    {
        (int Start, int Count) longest = default, run = default;
        foreach ((int start, int count) in training.CoveredFeatureRows())
        {
            run = start == run.Start + run.Count ? (run.Start, run.Count + count) : (start, count);
            longest = run.Count > longest.Count ? run : longest;
        }
        return longest;
    }

    private static double Loss(LossSpec loss, SequenceDataset data, SeriesContinuation continuation, int season)
    {
        (double sum, double total) = (0, 0);
        int series = continuation.Features.Count, steps = (data.Shape.TargetSize + series - 1) / series;
        float[] forecast = new float[continuation.FirstStep - 1 + steps];
        int stride = Math.Max(1, data.Count / MostExamples);
        WindowLevels? levels = data.Window is { } window ? new WindowLevels(window) : null;
        for (int example = 0; example < data.Count; example += stride)
        {
            double ofExample = 0;
            levels?.Measure(data.Features(example));
            for (int s = 0; s < series; s++)
            {
                float[] history = Column(data.Features(example), data.Shape.FeatureSize, continuation.Features[s]);
                NaiveForecasts.Seasonal(history, season, forecast);
                for (int j = s; j < data.Shape.TargetSize; j += series)
                    ofExample += Loss(loss, data, levels, example, j, forecast[continuation.FirstStep - 1 + (j / series)]);
            }
            sum += data.Weight(example) * ofExample / data.Shape.TargetSize;
            total += data.Weight(example);
        }
        return sum / total;
    }

    private static double Loss(LossSpec loss, SequenceDataset data, WindowLevels? levels, int example, int target, double forecast)
    {
        double shortfall = data.Targets(example)[target] - forecast;
        // Of a constant window nothing is learned.
        double scale = (levels?.ScaleOf(target) ?? 1) * (data.TargetScaling is { } scaling ? scaling.Scale[target] : 1);
        shortfall = scale > 0 ? shortfall / scale : 0;
        return loss.Kind == LossKind.Quantile
            ? loss.Quantiles.Average(quantile => NoInformationLoss.Cost(loss, shortfall, quantile))
            : NoInformationLoss.Cost(loss, shortfall, 0);
    }

    private static float[] Column(ReadOnlySpan<float> rows, int width, int column)
    {
        float[] values = new float[rows.Length / width];
        for (int row = 0; row < values.Length; row++)
            values[row] = rows[(row * width) + column];
        return values;
    }
}
