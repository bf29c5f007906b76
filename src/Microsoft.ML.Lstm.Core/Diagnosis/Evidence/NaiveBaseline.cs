using Microsoft.ML.Lstm.Forecasting;
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
    private const int MostValues = 4096, LongestSeason = 1024, MostExamples = 10_000;

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
        (int start, int count) = training.CoveredFeatureRows().MaxBy(range => range.Count);
        ReadOnlySpan<float> series = Column(training.FeatureRows(start, Math.Min(count, MostValues)), training.Shape.FeatureSize, feature);
        return Forecasting.Season.Find(series, LongestSeason);
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
                double level = continuation.AsDifference ? history[^1] : 0;
                for (int j = s; j < data.Shape.TargetSize; j += series)
                    ofExample += Loss(loss, data, example, j, forecast[continuation.FirstStep - 1 + (j / series)] - level, levels?.ScaleOf(j) ?? 1);
            }
            sum += data.Weight(example) * ofExample / data.Shape.TargetSize;
            total += data.Weight(example);
        }
        return sum / total;
    }

    // In the unit of the network's targets: of the window's scale, then of the scaling. From a constant window nothing is learned.
    private static double Loss(LossSpec loss, SequenceDataset data, int example, int target, double forecast, double windowScale)
    {
        double unit = windowScale * (data.TargetScaling is { } scaling ? scaling.Scale[target] : 1), shortfall = unit > 0 ? (data.Targets(example)[target] - forecast) / unit : 0;
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
