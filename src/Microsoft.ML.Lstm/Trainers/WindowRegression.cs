using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>
/// Finds the linear forecast of windows that are normalised (<see cref="LinearForecast"/>), of each continued series by itself: no change or, each
/// where it is better than that by more than chance, the last season or a ridge regression; the mean of these two where nothing tells them apart.
/// </summary>
internal static class WindowRegression
{
    private const int FewestWindows = 8, MostWindows = 4096;

    /// <summary>Finds it.</summary>
    /// <param name="training">Windows, all of one length, and their targets; normalised. Where several processes hold them, all make this call.</param>
    /// <returns>The forecast; null where there are fewer than eight windows to learn from.</returns>
    public static LinearForecast? Fit(SequenceDataset training)
    {
        if (training.Count < FewestWindows)
            return null;
        SequenceDataset sample = training.Spread(MostWindows);
        int gap = (int)(((long)training.LabelGap * sample.Count + training.Count - 1) / training.Count);
        WindowTransform window = sample.Window!;
        int length = Math.Min(sample.Length(0) * sample.Shape.FeatureSize / window.RowSize, LinearForecast.MostLength);
        int series = window.TargetFeatures.Count, targets = sample.Shape.TargetSize;
        float[] weights = new float[targets * length], intercepts = new float[targets];
        for (int s = 0; s < Math.Min(series, targets); s++)
        {
            if (window.TargetFeatures[s] < 0)
                continue;
            int horizon = (targets - s + series - 1) / series;
            var windows = new SeriesWindows(sample, s, length, horizon);
            var regression = new RidgeRegression(windows, length, horizon);
            double[][] noChange = SimpleForecasts.NoChange(length, horizon);
            double[][] lastSeason = SimpleForecasts.LastSeason(length, horizon, SeasonOf(windows, length, horizon));
            double[][] solution = regression.Weights(regression.Choose(gap, (regression.Simplest(gap, [noChange, lastSeason]), noChange))[0].Terms);
            for (int h = 0; h < horizon; h++)
            {
                int target = s + (h * series);
                for (int i = 0; i < length; i++)
                    weights[(target * length) + i] = (float)solution[i][h];
                intercepts[target] = (float)solution[length][h];
            }
        }
        return new LinearForecast(weights, intercepts);
    }

    // The one whose repetition has the least error.
    private static int SeasonOf(SeriesWindows windows, int length, int horizon)
    {
        float[] x = new float[length + 1], y = new float[horizon];
        double[] errors = new double[length];
        for (int window = 0; window < windows.Count; window++)
        {
            windows.Fill(window, x, y);
            for (int season = 1; season <= length; season++)
            {
                for (int h = 0; h < horizon; h++)
                {
                    double error = y[h] - x[length - season + (h % season)];
                    errors[season - 1] += error * error;
                }
            }
        }
        return Array.IndexOf(errors, errors.Min()) + 1;
    }

    /// <summary>What windows say of one of the series that their targets continue.</summary>
    private sealed class SeriesWindows(SequenceDataset data, int series, int length, int horizon) : IRegressionWindows
    {
        private readonly WindowLevels _levels = new(data.Window!);
        private readonly float[] _targets = new float[data.Shape.TargetSize];

        public int Count => data.Count;

        public void Fill(int window, Span<float> x, Span<float> y)
        {
            int continued = data.Window!.TargetFeatures.Count;
            ReadOnlySpan<float> values = data.Features(window);
            _levels.Measure(values);
            // Of a constant window nothing is learned.
            float root = _levels.ScaleOf(series) > 0 ? MathF.Sqrt(data.Weight(window)) : 0;
            _levels.Latest(values, data.Window.TargetFeatures[series], x[..length]);
            x[length] = 1;
            _levels.ApplyToTargets(data.Targets(window), _targets);
            for (int h = 0; h < horizon; h++)
                y[h] = root * _targets[series + (h * continued)];
            foreach (ref float value in x)
                value *= root;
        }
    }
}
