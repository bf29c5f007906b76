using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// Linear regression from a window to the horizon: the yardstick that many learned forecasters miss (Zeng et al. 2023). With z the window's
/// last L values less the last of all and divided by the series' scale, the forecast is last + scale·(b + W·z); W [H, L] and b [H] are the
/// minimum of Σ ‖y − b − W·z‖² + λ‖W‖², solved in double. λ is chosen on the last fifth of the windows, with a gap so that they share no
/// value with the others.
/// </summary>
internal sealed class RidgeForecaster
{
    private readonly float[] _weights;

    private RidgeForecaster(float[] weights, int length, int horizon, double penalty) =>
        (_weights, Length, Horizon, Penalty) = (weights, length, horizon, penalty);

    /// <summary>L, the values that a forecast reads.</summary>
    public int Length { get; }

    /// <summary>H, the values that it gives.</summary>
    public int Horizon { get; }

    /// <summary>λ in units of the windows' mean square.</summary>
    public double Penalty { get; }

    /// <summary>W, [H, L], row-major: what each step ahead takes of each value of the window.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Horizon * Length);

    /// <summary>b, [H].</summary>
    public ReadOnlySpan<float> Intercepts => _weights.AsSpan(Horizon * Length);

    /// <summary>Solves for the weights.</summary>
    /// <param name="series">The training values of each series, in the order of time; windows with missing values (NaN) are left out.</param>
    /// <param name="scales">What a series' values are divided by, so that series of unequal level count alike.</param>
    /// <param name="length">L, 1 or more.</param>
    /// <param name="horizon">H, 1 or more.</param>
    /// <param name="mostWindows">Windows at most; of more, evenly spread ones are taken.</param>
    /// <returns>The forecaster; null if there are fewer than eight windows to learn from.</returns>
    public static RidgeForecaster? Fit(
        IReadOnlyList<ReadOnlyMemory<float>> series, IReadOnlyList<double> scales, int length, int horizon, int mostWindows = 20_000) =>
        Fit(series.Zip(scales), series.Select(values => values.Length), length, horizon, mostWindows);

    /// <summary>Solves for the weights from series that come one after the other, so that no two need be in memory.</summary>
    /// <param name="series">The training values of each series and its scale; all of them are asked for, once.</param>
    /// <param name="lengths">Values of each series.</param>
    /// <param name="length">L, 1 or more.</param>
    /// <param name="horizon">H, 1 or more.</param>
    /// <param name="mostWindows">Windows at most; of more, evenly spread ones are taken.</param>
    /// <returns>The forecaster; null if there are fewer than eight windows to learn from.</returns>
    public static RidgeForecaster? Fit(
        IEnumerable<(ReadOnlyMemory<float> Values, double Scale)> series, IEnumerable<int> lengths, int length, int horizon, int mostWindows = 20_000)
    {
        long all = lengths.Sum(values => (long)Math.Max(0, values - length - horizon + 1)), training = 0, validation = 0;
        int stride = (int)Math.Max(1, (all + mostWindows - 1) / mostWindows);
        WindowProducts products = new(length, horizon), held = new(length, horizon);
        foreach ((ReadOnlyMemory<float> values, double scale) in series)
        {
            (List<int> learned, List<int> kept) = Origins(values.Span, length, horizon, stride);
            products.Append(new Windows(values, scale, learned, length), 0, learned.Count);
            held.Append(new Windows(values, scale, kept, length), 0, kept.Count);
            (training, validation) = (training + learned.Count, validation + kept.Count);
        }
        products.Flush();
        held.Flush();
        if (training + validation < 8)
            return null;
        double best = RidgeRegression.ModeratePenalty;
        if (validation > 0 && training > 0)
        {
            best = RidgeRegression.Penalties.MinBy(penalty => held.SquaredError(products.Solve(penalty)));
            products.Add(held);
        }
        return new RidgeForecaster(ToFloats(products.Solve(best), length, horizon), length, horizon, best);
    }

    /// <summary>Forecasts.</summary>
    /// <param name="window">The latest values, L or more; all finite.</param>
    /// <param name="scale">The series' scale, as in training.</param>
    /// <param name="forecast">The next H values.</param>
    public void Forecast(ReadOnlySpan<float> window, double scale, Span<float> forecast)
    {
        ReadOnlySpan<float> latest = window[^Length..];
        float last = latest[^1];
        Span<float> z = Length <= 1024 ? stackalloc float[Length] : new float[Length];
        for (int i = 0; i < z.Length; i++)
            z[i] = (float)((latest[i] - (double)last) / scale);
        for (int h = 0; h < Horizon; h++)
            forecast[h] = (float)(last + (scale * (Intercepts[h] + (double)Dot(Weights.Slice(h * Length, Length), z))));
    }

    // A series' last fifth of origins validates; the H − 1 before it, whose labels reach into it, are left out.
    private static (List<int> Training, List<int> Validation) Origins(ReadOnlySpan<float> values, int length, int horizon, int stride)
    {
        List<int> training = [], validation = [];
        int first = length, end = values.Length - horizon + 1, cut = end - ((end - first) / 5);
        int known = 0;
        for (int i = 0, origin = first; i < values.Length && origin < end; i++)
        {
            known = float.IsFinite(values[i]) ? known + 1 : 0;
            if (i != origin + horizon - 1)
                continue;
            if (known >= length + horizon && (origin - first) % stride == 0)
            {
                if (origin >= cut)
                    validation.Add(origin);
                else if (origin <= cut - horizon)
                    training.Add(origin);
            }
            origin++;
        }
        return (training, validation);
    }

    private static float[] ToFloats(double[][] solution, int length, int horizon)
    {
        float[] weights = new float[(length + 1) * horizon];
        for (int h = 0; h < horizon; h++)
        {
            for (int i = 0; i < length; i++)
                weights[(h * length) + i] = (float)solution[i][h];
            weights[(horizon * length) + h] = (float)solution[length][h];
        }
        return weights;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector256<float> sum = default;
        int i = 0;
        for (; i + Vector256<float>.Count <= a.Length; i += Vector256<float>.Count)
            sum += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
        float total = Vector256.Sum(sum);
        for (; i < a.Length; i++)
            total += a[i] * b[i];
        return total;
    }

    /// <summary>Windows of a series, less the last value and divided by the series' scale.</summary>
    private sealed class Windows(ReadOnlyMemory<float> series, double scale, List<int> origins, int length) : IRegressionWindows
    {
        public int Count => origins.Count;

        public void Fill(int window, Span<float> x, Span<float> y)
        {
            int origin = origins[window];
            ReadOnlySpan<float> values = series.Span;
            double last = values[origin - 1];
            for (int i = 0; i < length; i++)
                x[i] = (float)((values[origin - length + i] - last) / scale);
            x[length] = 1;
            for (int h = 0; h < y.Length; h++)
                y[h] = (float)((values[origin + h] - last) / scale);
        }
    }
}
