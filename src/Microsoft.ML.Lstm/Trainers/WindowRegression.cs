using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>
/// Finds the linear forecast of windows that are normalised (<see cref="LinearForecast"/>), of each continued series by itself: no change, the last
/// season or, where it is better by more than chance on windows that it has not seen, a ridge regression.
/// </summary>
internal static class WindowRegression
{
    private const int FewestWindows = 8, MostWindows = 5000;

    /// <summary>Finds it.</summary>
    /// <param name="training">Windows, all of one length, and their targets; normalised.</param>
    /// <returns>The forecast; null where there are fewer than eight windows to learn from.</returns>
    public static LinearForecast? Fit(SequenceDataset training)
    {
        if (training.Count < FewestWindows)
            return null;
        WindowTransform window = training.Window!;
        int rows = training.Length(0) * training.Shape.FeatureSize / window.RowSize, length = Math.Min(rows, LinearForecast.MostLength);
        int series = window.TargetFeatures.Count, targets = training.Shape.TargetSize;
        float[] weights = new float[targets * length], intercepts = new float[targets];
        for (int s = 0; s < Math.Min(series, targets); s++)
        {
            if (window.TargetFeatures[s] < 0)
                continue;
            int horizon = (targets - s + series - 1) / series;
            var windows = new SeriesWindows(training, s, length, horizon, MostWindows);
            double[][] solution = new RidgeRegression(length, horizon).Solve(
                windows, windows.Gap, [NoChange(length, horizon), .. LastSeason(training, s, length, horizon)]);
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

    // Windows are less their last value.
    private static double[][] NoChange(int length, int horizon) => [.. Enumerable.Range(0, length + 1).Select(_ => new double[horizon])];

    private static IEnumerable<double[][]> LastSeason(SequenceDataset training, int series, int length, int horizon)
    {
        WindowTransform window = training.Window!;
        int season = NaiveBaseline.FindSeason(training, window.RowSize, window.TargetFeatures[series]);
        int first = (training.Shape.Continuation?.FirstStep ?? 1) - 1;
        if (season < 2 || season > length)
            yield break;
        double[][] weights = NoChange(length, horizon);
        for (int h = 0; h < horizon; h++)
            weights[length - season + ((first + h) % season)][h] = 1;
        yield return weights;
    }

    /// <summary>What windows say of one of the series that their targets continue; of many, evenly spread ones.</summary>
    private sealed class SeriesWindows(SequenceDataset data, int series, int length, int horizon, int most) : IRegressionWindows
    {
        private readonly WindowLevels _levels = new(data.Window!);
        private readonly float[] _targets = new float[data.Shape.TargetSize];
        private readonly int _stride = Math.Max(1, (data.Count + most - 1) / most);

        /// <summary>By how many places windows are apart that share no value that is forecast, less one.</summary>
        public int Gap => (data.LabelGap + _stride - 1) / _stride;

        public int Count => (data.Count + _stride - 1) / _stride;

        public void Fill(int window, Span<float> x, Span<float> y)
        {
            int example = window * _stride, continued = data.Window!.TargetFeatures.Count;
            ReadOnlySpan<float> values = data.Features(example);
            _levels.Measure(values);
            // Of a constant window nothing is learned.
            float root = _levels.ScaleOf(series) > 0 ? MathF.Sqrt(data.Weight(example)) : 0;
            _levels.Latest(values, data.Window.TargetFeatures[series], x[..length]);
            x[length] = 1;
            _levels.ApplyToTargets(data.Targets(example), _targets);
            for (int h = 0; h < horizon; h++)
                y[h] = root * _targets[series + (h * continued)];
            foreach (ref float value in x)
                value *= root;
        }
    }
}
