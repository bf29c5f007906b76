namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// Linear regression from windows z to what follows them, where it is worth its while: W [H, L] and b [H] are the minimum of Σ ‖y − b −
/// W·z‖² + λ‖W − W₀‖², solved in double. λ is the one that forecasts windows best of which it has seen only those before, in five folds
/// of the last two thirds (Tashman 2000): learned from both sides, a series that wanders would seem to return to its mean. A gap before
/// each fold keeps what is forecast in it unseen.
/// </summary>
/// <param name="length">L.</param>
/// <param name="horizon">H.</param>
internal sealed class RidgeRegression(int length, int horizon)
{
    private const int Folds = 5;

    /// <summary>Horizons of windows from which one forecast can be told from another: what overlaps in one is one case.</summary>
    public const int FewestHorizons = 2;

    /// <summary>Each λ that is tried, in units of the windows' mean square: from hardly any shrinkage to almost all of it.</summary>
    public static IReadOnlyList<double> Penalties { get; } = [1e-5, 1e-3, 1e-2, 1e-1, 1, 10];

    /// <summary>The simple forecast that is best on the last two thirds of windows.</summary>
    /// <param name="windows">Windows in the order of time, one or more.</param>
    /// <param name="simple">The forecasts.</param>
    public double[][] Best(IRegressionWindows windows, IReadOnlyList<SimpleForecast> simple) =>
        SimpleForecast.Best(simple, weights => Errors(windows, FirstJudged(windows), windows.Count, weights).Sum());

    /// <summary>The last forecast that is better than the one before it by more than chance.</summary>
    /// <param name="windows">Windows in the order of time.</param>
    /// <param name="gap">By how many places windows are apart that share no value that is forecast, less one.</param>
    /// <param name="simple">Weights of forecasts that need no learning, [L + 1, H] each, the simplest first.</param>
    public double[][] Simplest(IRegressionWindows windows, int gap, IReadOnlyList<double[][]> simple)
    {
        double[][] simplest = simple[0];
        double[] before = Errors(windows, 0, windows.Count, simplest);
        foreach (double[][] other in simple.Skip(1))
            if (Errors(windows, 0, windows.Count, other) is var after && IsBetter(before, after, gap))
                (simplest, before) = (other, after);
        return simplest;
    }

    /// <summary>Solves for the weights.</summary>
    /// <param name="windows">What to learn from, in the order of time.</param>
    /// <param name="gap">By how many places windows are apart that share no value that is forecast, less one.</param>
    /// <param name="simple">The weights of a forecast that needs no learning, [L + 1, H].</param>
    /// <param name="toward">W₀, which the regression shrinks towards, [L + 1, H].</param>
    /// <returns>
    /// The weights, [L + 1, H], the intercepts last, and the squared error of the last two thirds of the windows. Where the regression is
    /// no better than the simple forecast by more than chance, the error is that of the simple one, and so are the weights if that is
    /// persistence, which forecasts random walks best; otherwise they are the mean of both.
    /// </returns>
    public (double[][] Weights, double Error) Solve(IRegressionWindows windows, int gap, double[][] simple, double[][] toward)
    {
        int first = FirstJudged(windows);
        double[] before = Errors(windows, first, windows.Count, simple);
        if (before.Length < FewestHorizons * (gap + 1))
            return (simple, before.Sum());
        double[][] errors = Unseen(windows, gap, first, toward);
        double[] after = errors.MinBy(each => each.Sum())!;
        bool isBetter = IsBetter(before, after, gap);
        if (!isBetter && (IsPersistence(simple) || !(after.Sum() < before.Sum())))
            return (simple, before.Sum());
        var all = new WindowProducts(length, horizon);
        all.Add(windows);
        double[][] solution = all.Solve(Penalties[Array.IndexOf(errors, after)], toward);
        return isBetter ? (solution, after.Sum()) : (Mixed(simple, solution, 0.5), before.Sum());
    }

    /// <summary>
    /// The better of two forecasts, or most of it: the mean of their weights, each weighed by the inverse square of its squared error,
    /// since the mean of forecasts errs less than most of them (Bates and Granger 1969).
    /// </summary>
    public static double[][] Combine((double[][] Weights, double Error) a, (double[][] Weights, double Error) b)
    {
        double ratio = a.Error / b.Error;
        return double.IsFinite(ratio) ? Mixed(a.Weights, b.Weights, 1 / (1 + (ratio * ratio))) : b.Weights;
    }

    /// <summary>The squared error of each window from the first on, learned from windows before its fold, for each λ.</summary>
    private double[][] Unseen(IRegressionWindows windows, int gap, int first, double[][] toward)
    {
        int count = windows.Count - first, seen = 0;
        double[][] errors = [.. Penalties.Select(_ => new double[count])];
        var products = new WindowProducts(length, horizon);
        for (int fold = 0; fold < Folds; fold++)
        {
            int start = (int)((long)fold * count / Folds), end = (int)((long)(fold + 1) * count / Folds), known = Math.Max(0, first + start - gap);
            products.Add(windows, seen, known);
            seen = known;
            for (int i = 0; i < errors.Length; i++)
                Errors(windows, first + start, first + end, products.Solve(Penalties[i], toward)).CopyTo(errors[i], start);
        }
        return errors;
    }

    // The windows before it are what the first fold is forecast from.
    private static int FirstJudged(IRegressionWindows windows) => windows.Count / 3;

    private static bool IsBetter(double[] before, double[] after, int gap) =>
        PairedGains.AreSignificant(PairedGains.ByBlock(before, after, gap + 1), PairedGains.OnceInTwenty);

    private static bool IsPersistence(double[][] weights) => weights.All(row => row.All(weight => weight == 0));

    private static double[][] Mixed(double[][] a, double[][] b, double share) =>
        [.. a.Zip(b, (x, y) => x.Zip(y, (v, w) => (share * v) + ((1 - share) * w)).ToArray())];

    private double[] Errors(IRegressionWindows windows, int start, int end, double[][] weights)
    {
        float[] x = new float[length + 1], y = new float[horizon];
        double[] errors = new double[end - start], forecast = new double[horizon];
        for (int window = start; window < end; window++)
        {
            windows.Fill(window, x, y);
            Array.Clear(forecast);
            for (int i = 0; i <= length; i++)
                Cholesky.AddScaled(forecast, weights[i], x[i]);
            for (int h = 0; h < horizon; h++)
                errors[window - start] += (y[h] - forecast[h]) * (y[h] - forecast[h]);
        }
        return errors;
    }
}
