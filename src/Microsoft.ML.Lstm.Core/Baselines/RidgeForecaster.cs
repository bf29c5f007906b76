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
    public static RidgeForecaster? Fit(IReadOnlyList<ReadOnlyMemory<float>> series, IReadOnlyList<double> scales, int length, int horizon, int mostWindows = 20_000)
    {
        List<(int Series, int Origin)> training = [], validation = [];
        long all = series.Sum(values => (long)Math.Max(0, values.Length - length - horizon + 1));
        int stride = (int)Math.Max(1, (all + mostWindows - 1) / mostWindows);
        for (int s = 0; s < series.Count; s++)
            AddOrigins(series[s].Span, s, length, horizon, stride, training, validation);
        if (training.Count + validation.Count < 8)
            return null;
        var products = new WindowProducts(length, horizon);
        products.Add(new Windows(series, scales, training, length));
        double best = RidgeRegression.ModeratePenalty;
        if (validation.Count > 0 && training.Count > 0)
        {
            var held = new WindowProducts(length, horizon);
            held.Add(new Windows(series, scales, validation, length));
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
    private static void AddOrigins(
        ReadOnlySpan<float> values, int s, int length, int horizon, int stride, List<(int, int)> training, List<(int, int)> validation)
    {
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
                    validation.Add((s, origin));
                else if (origin <= cut - horizon)
                    training.Add((s, origin));
            }
            origin++;
        }
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

    /// <summary>Windows of series, less the last value and divided by the series' scale.</summary>
    private sealed class Windows(IReadOnlyList<ReadOnlyMemory<float>> series, IReadOnlyList<double> scales, List<(int Series, int Origin)> origins, int length) : IRegressionWindows
    {
        public int Count => origins.Count;

        public void Fill(int window, Span<float> x, Span<float> y)
        {
            (int s, int origin) = origins[window];
            ReadOnlySpan<float> values = series[s].Span;
            double scale = scales[s], last = values[origin - 1];
            for (int i = 0; i < length; i++)
                x[i] = (float)((values[origin - length + i] - last) / scale);
            x[length] = 1;
            for (int h = 0; h < y.Length; h++)
                y[h] = (float)((values[origin + h] - last) / scale);
        }
    }
}
