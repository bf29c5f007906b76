using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>
/// What forecasts that learn nothing cost on the validation data: "no change" repeats the last value, "last season" what was one season before.
/// Only where the targets are known to continue a feature (<see cref="SequenceShape.Continuation"/>). In the unit of the network's own loss.
/// </summary>
internal static class NaiveForecasts
{
    // A season explains a good part of the series, and must be seen twice to be one.
    private const double Correlated = 0.3;
    private const int ShortestSeason = 2, SeasonsSeen = 2;

    // Windows to look for the season in, and examples to forecast: some milliseconds.
    private const int MostWindows = 64, MostExamples = 20_000;

    /// <summary>The losses; null when they cannot be told.</summary>
    /// <param name="loss">What is minimised.</param>
    /// <param name="training">Where the season is looked for.</param>
    /// <param name="validation">What is forecast.</param>
    public static NaiveBaseline? Of(LossSpec loss, SequenceDataset training, SequenceDataset? validation)
    {
        if (validation?.Shape is not { Continuation: { } continuation, Target: TargetKind.Numbers } || validation.Count == 0 || loss.Kind == LossKind.BinaryCrossEntropy)
            return null;
        int? season = Season(training, continuation.Feature);
        double noChange = Loss(loss, validation, continuation, season: null);
        double? lastSeason = season is null ? null : Loss(loss, validation, continuation, season);
        return new NaiveBaseline(noChange, lastSeason, season);
    }

    private static double Loss(LossSpec loss, SequenceDataset data, SeriesContinuation continuation, int? season)
    {
        double sum = 0, total = 0;
        int stride = Math.Max(1, data.Count / MostExamples);
        for (int example = 0; example < data.Count; example += stride)
        {
            float weight = data.Weight(example);
            if (weight == 0 || season > data.Length(example))
                continue;
            sum += weight * Loss(loss, data, continuation, season, example);
            total += weight;
        }
        return sum / total;
    }

    private static double Loss(LossSpec loss, SequenceDataset data, SeriesContinuation continuation, int? season, int example)
    {
        ReadOnlySpan<float> targets = data.Targets(example), features = data.Features(example);
        int width = data.Shape.FeatureSize, last = data.Length(example) - 1;
        float level = features[(last * width) + continuation.Feature];
        double sum = 0;
        for (int h = 0; h < targets.Length; h++)
        {
            // The latest step that is whole seasons before the one forecast.
            int step = season is { } s ? last - s + 1 + ((continuation.FirstStep - 1 + h) % s) : last;
            double forecast = features[(step * width) + continuation.Feature] - (continuation.AsDifference ? (double)level : 0);
            double shortfall = (targets[h] - forecast) / (data.TargetScaling is { } scaling ? scaling.Scale[h] : 1);
            if (loss.Kind != LossKind.Quantile)
                sum += NoInformationLoss.Cost(loss, shortfall, 0);
            else
                sum += loss.Quantiles.Average(quantile => NoInformationLoss.Cost(loss, shortfall, quantile));
        }
        return sum / targets.Length;
    }

    /// <summary>The lag at which the windows resemble themselves most, where that is a peak; null when there is none.</summary>
    private static int? Season(SequenceDataset training, int feature)
    {
        int shortest = Enumerable.Range(0, training.Count).Min(training.Length), lags = shortest / SeasonsSeen;
        if (lags <= ShortestSeason)
            return null;
        double[] correlations = new double[lags + 1];
        int stride = Math.Max(1, training.Count / MostWindows);
        for (int example = 0; example < training.Count; example += stride)
            Add(correlations, training.Features(example), training.Shape.FeatureSize, feature);
        int best = 0;
        for (int lag = ShortestSeason; lag < lags; lag++)
            if (correlations[lag] > correlations[lag - 1] && correlations[lag] >= correlations[lag + 1] && (best == 0 || correlations[lag] > correlations[best]))
                best = lag;
        return best > 0 && correlations[best] > Correlated * correlations[0] ? best : null;
    }

    /// <summary>Adds a window's autocorrelation, each lag by its number of pairs.</summary>
    private static void Add(double[] correlations, ReadOnlySpan<float> features, int width, int feature)
    {
        int steps = features.Length / width;
        double mean = 0, square = 0;
        for (int t = 0; t < steps; t++)
            mean += features[(t * width) + feature] / (double)steps;
        for (int t = 0; t < steps; t++)
            square += Math.Pow(features[(t * width) + feature] - mean, 2) / steps;
        for (int lag = 0; lag < correlations.Length && square > 0; lag++)
        {
            double sum = 0;
            for (int t = lag; t < steps; t++)
                sum += (features[(t * width) + feature] - mean) * (features[((t - lag) * width) + feature] - mean);
            correlations[lag] += sum / (steps - lag) / square;
        }
    }
}

/// <summary>Losses of the naive forecasts.</summary>
/// <param name="NoChange">That of repeating the last value.</param>
/// <param name="LastSeason">That of repeating the last season; null when there is none.</param>
/// <param name="Season">The season, in steps.</param>
internal sealed record NaiveBaseline(double NoChange, double? LastSeason, int? Season)
{
    /// <summary>The better of them.</summary>
    public double Best => Math.Min(NoChange, LastSeason ?? double.PositiveInfinity);
}
