using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// Linear regression from a window to the horizon: the yardstick that many learned forecasters miss (Zeng et al. 2023). With z the
/// window's last L values less the last of all and divided by the series' scale, the forecast is last + scale·(b + W·z); W [H, L] and b
/// [H] are the minimum of Σ ‖y − b − W·z‖² + λ‖W − W₀‖², solved in double. W₀ is the one of a few simple forecasts
/// (<see cref="SimpleForecasts"/>) that is best: from a few dozen windows little more can be learned. Of few windows λ is chosen by folds, the
/// simple forecast is kept where the regression is not better than it by more than chance, and what shrinks towards W₀ is combined with
/// what shrinks towards persistence (<see cref="RidgeRegression"/>); of many, W₀ and λ are chosen on the last fifth of the windows, with
/// a gap so that they share no value with the others, and <see cref="Plain"/> is what shrinks towards persistence.
/// </summary>
internal sealed class RidgeForecaster
{
    /// <summary>L at most: longer regressions cost their cube.</summary>
    public const int MostLength = 720;

    /// <summary>Windows of which a fifth tells which penalty is best; of fewer folds do.</summary>
    public const int ManyWindows = 1000;

    private const double HeldOut = 0.2;

    // λ where nothing is left to choose it by.
    private const double ModeratePenalty = 1e-2;
    private const int MostWindows = 20_000;
    private readonly float[] _weights;

    // What was chosen, without the matrices that can be made anew.
    private readonly (double Factor, int Simple, double? Penalty)[] _terms;
    private readonly int[] _seasons;

    private RidgeForecaster(double[][] solution, IReadOnlyList<RidgeTerm> terms, IReadOnlyList<SimpleForecast> simple, int[] seasons)
    {
        (Length, Horizon, _seasons) = (solution.Length - 1, solution[0].Length, seasons);
        _weights = ToFloats(solution, Length, Horizon);
        SimpleForecast[] all = [.. simple];
        _terms = [.. terms.Select(term => (term.Factor, Array.FindIndex(all, one => one.Weights == term.Toward), term.Penalty))];
    }

    /// <summary>L, the values that a forecast reads.</summary>
    public int Length { get; }

    /// <summary>H, the values that it gives.</summary>
    public int Horizon { get; }

    /// <summary>
    /// The regression that shrinks towards persistence, even where it was not the best on the last fifth of the windows; null: this is it, or
    /// there were few windows.
    /// </summary>
    public RidgeForecaster? Plain { get; private init; }

    /// <summary>W, [H, L], row-major: what each step ahead takes of each value of the window.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Horizon * Length);

    /// <summary>b, [H].</summary>
    public ReadOnlySpan<float> Intercepts => _weights.AsSpan(Horizon * Length);

    /// <summary>Whether all weights are finite.</summary>
    public bool IsFinite => Array.TrueForAll(_weights, float.IsFinite);

    /// <summary>The values that a regression learned from so many rows reads: no more than half of them, lest there be fewer windows than weights.</summary>
    /// <param name="rows">Rows of the longest series.</param>
    /// <param name="window">Values that it may read.</param>
    /// <param name="horizon">H.</param>
    /// <returns>L; less than 1 if there are too few rows.</returns>
    public static int LengthOf(int rows, int window, int horizon) => Math.Min(Math.Min(window, MostLength), (rows - horizon) / 2);

    /// <summary>Solves for the weights.</summary>
    /// <param name="series">The training values of each series, in the order of time; windows with missing values (NaN) are left out.</param>
    /// <param name="scales">What a series' values are divided by, so that series of unequal level count alike.</param>
    /// <param name="length">L, 1 or more.</param>
    /// <param name="horizon">H, 1 or more.</param>
    /// <param name="seasons">Lengths in steps that the series may repeat after; null: none.</param>
    /// <param name="mostWindows">Windows at most; of more, evenly spread ones are taken.</param>
    /// <returns>The forecaster; null if there is no window to learn from.</returns>
    public static RidgeForecaster? Fit(
        IReadOnlyList<ReadOnlyMemory<float>> series, IReadOnlyList<double> scales, int length, int horizon, IReadOnlyList<int>? seasons = null,
        int mostWindows = MostWindows) =>
        Fit(series.Zip(scales), series.Select(values => values.Length), length, horizon, seasons, mostWindows);

    /// <summary>Solves for the weights from series that come one after the other, so that no two of many windows need be in memory.</summary>
    /// <param name="series">The training values of each series and its scale; all of them are asked for, once.</param>
    /// <param name="lengths">Values of each series.</param>
    /// <param name="length">L, 1 or more.</param>
    /// <param name="horizon">H, 1 or more.</param>
    /// <param name="seasons">Lengths in steps that the series may repeat after; null: none.</param>
    /// <param name="mostWindows">Windows at most; of more, evenly spread ones are taken.</param>
    /// <returns>The forecaster; null if there is no window to learn from.</returns>
    public static RidgeForecaster? Fit(
        IEnumerable<(ReadOnlyMemory<float> Values, double Scale)> series, IEnumerable<int> lengths, int length, int horizon,
        IReadOnlyList<int>? seasons = null, int mostWindows = MostWindows)
    {
        long all = lengths.Sum(values => (long)Math.Max(0, values - length - horizon + 1));
        int[] tried = [.. seasons ?? []];
        IReadOnlyList<SimpleForecast> simple = SimpleForecasts.Of(length, horizon, tried);
        return all < ManyWindows
            ? OfFew(series, length, horizon, simple, tried)
            : OfMany(series, length, horizon, simple, tried, Stride(all, mostWindows));
    }

    /// <summary>The same regression, its λ and all else that was chosen, learned from other values of the series.</summary>
    /// <param name="values">The values in the order of time; windows with missing ones are left out.</param>
    /// <param name="scale">What they are divided by.</param>
    /// <returns>The forecaster; this one, if there is no window to learn from.</returns>
    public RidgeForecaster Refit(ReadOnlyMemory<float> values, double scale)
    {
        List<int> origins = Origins(values.Span, Length, Horizon, Stride(values.Length, MostWindows), 0).Training;
        if (origins.Count == 0)
            return this;
        IReadOnlyList<SimpleForecast> simple = SimpleForecasts.Of(Length, Horizon, _seasons);
        var products = new WindowProducts(Length, Horizon);
        products.Add(new LevelFreeWindows(values, scale, origins, Length));
        RidgeTerm[] terms = [.. _terms.Select(term => new RidgeTerm(term.Factor, simple[term.Simple].Weights, term.Penalty))];
        return new RidgeForecaster(RidgeTerm.Sum(terms, products), terms, simple, _seasons);
    }

    private static int Stride(long windows, int most) => (int)Math.Max(1, (windows + most - 1) / most);

    private static RidgeForecaster? OfFew(
        IEnumerable<(ReadOnlyMemory<float> Values, double Scale)> series, int length, int horizon, IReadOnlyList<SimpleForecast> simple, int[] seasons)
    {
        var windows = new WindowsByAge([.. series.Select(one =>
            new LevelFreeWindows(one.Values, one.Scale, Origins(one.Values.Span, length, horizon, 1, 0).Training, length))]);
        if (windows.Count == 0)
            return null;
        var regression = new RidgeRegression(windows, length, horizon);
        int gap = (horizon * windows.Gap) - 1;
        double[][] noChange = simple[0].Weights, best = regression.Best(simple);
        IReadOnlyList<RidgeTerm> terms;
        if (best == noChange)
            terms = regression.Choose(gap, (noChange, noChange))[0].Terms;
        else
        {
            (IReadOnlyList<RidgeTerm>, double)[] both = regression.Choose(gap, (noChange, noChange), (best, best));
            terms = RidgeRegression.Combine(both[0], both[1]);
        }
        return new RidgeForecaster(regression.Weights(terms), terms, simple, seasons);
    }

    private static RidgeForecaster? OfMany(
        IEnumerable<(ReadOnlyMemory<float> Values, double Scale)> series, int length, int horizon, IReadOnlyList<SimpleForecast> simple, int[] seasons,
        int stride)
    {
        WindowProducts products = new(length, horizon), held = new(length, horizon);
        int training = 0, validation = 0;
        foreach ((ReadOnlyMemory<float> values, double scale) in series)
        {
            (List<int> learned, List<int> kept) = Origins(values.Span, length, horizon, stride, HeldOut);
            products.Append(new LevelFreeWindows(values, scale, learned, length), 0, learned.Count);
            held.Append(new LevelFreeWindows(values, scale, kept, length), 0, kept.Count);
            (training, validation) = (training + learned.Count, validation + kept.Count);
        }
        products.Flush();
        held.Flush();
        if (training + validation == 0)
            return null;
        double[][] noChange = simple[0].Weights;
        if (training == 0 || validation == 0)
        {
            // Many series too short to be cut.
            products.Add(held);
            return Of(SimpleForecast.Best(simple, products.SquaredError), ModeratePenalty);
        }
        double[][] best = SimpleForecast.Best(simple, held.SquaredError);
        double[][][] toward = best == noChange ? [noChange] : [best, noChange];
        double[][] errors = [.. RidgeRegression.Penalties.Select(penalty => products.SolveEach(penalty, toward).Select(held.SquaredError).ToArray())];
        (double error, double penalty) = Least(0);
        bool isLearned = error < held.SquaredError(best);
        products.Add(held);
        return Of(best, isLearned ? penalty : null, isLearned && best == noChange ? null : Of(noChange, Least(toward.Length - 1).Penalty));

        (double Error, double Penalty) Least(int one) =>
            errors.Zip(RidgeRegression.Penalties, (each, penalty) => (each[one], penalty)).MinBy(pair => pair.Item1);

        RidgeForecaster Of(double[][] toward, double? penalty, RidgeForecaster? plain = null)
        {
            RidgeTerm[] terms = [new(1, toward, penalty)];
            return new RidgeForecaster(RidgeTerm.Sum(terms, products), terms, simple, seasons) { Plain = plain };
        }
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

    // A series' last origins validate; the H − 1 before them, whose labels reach into them, are left out.
    private static (List<int> Training, List<int> Validation) Origins(ReadOnlySpan<float> values, int length, int horizon, int stride, double heldOut)
    {
        List<int> training = [], validation = [];
        int first = length, end = values.Length - horizon + 1, held = (int)(heldOut * (end - first)), cut = end - held;
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
                else if (held == 0 || origin <= cut - horizon)
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
}
