namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// Linear regression from windows z to what follows them, where it is worth its while: W [H, L] and b [H] are the minimum of Σ ‖y − b −
/// W·z‖² + λ‖W − W₀‖², solved in double. λ is the one that forecasts windows best of which it has seen only those before, in five folds
/// of the last two thirds (Tashman 2000): learned from both sides, a series that wanders would seem to return to its mean. A gap before
/// each fold keeps what is forecast in it unseen.
/// </summary>
internal sealed class RidgeRegression
{
    private const int Folds = 5;

    private readonly IRegressionWindows _windows;
    private readonly int _length, _horizon;

    // Of all windows, so that a sum over their values is a sum of vectors: [L + 1][windows] and [H][windows].
    private readonly double[][] _x, _y;

    /// <summary>Reads windows; for those of few, since all are kept.</summary>
    /// <param name="windows">Windows in the order of time, one or more.</param>
    /// <param name="length">L.</param>
    /// <param name="horizon">H.</param>
    public RidgeRegression(IRegressionWindows windows, int length, int horizon)
    {
        (_windows, _length, _horizon) = (windows, length, horizon);
        (_x, _y) = (Columns(length + 1), Columns(horizon));
        float[] x = new float[length + 1], y = new float[horizon];
        for (int window = 0; window < windows.Count; window++)
        {
            windows.Fill(window, x, y);
            for (int i = 0; i <= length; i++)
                _x[i][window] = x[i];
            for (int h = 0; h < horizon; h++)
                _y[h][window] = y[h];
        }

        double[][] Columns(int count) => [.. Enumerable.Range(0, count).Select(_ => new double[windows.Count])];
    }

    /// <summary>Horizons of windows from which one forecast can be told from another: what overlaps in one is one case.</summary>
    public const int FewestHorizons = 2;

    /// <summary>Each λ that is tried, in units of the windows' mean square: from hardly any shrinkage to almost all of it.</summary>
    public static IReadOnlyList<double> Penalties { get; } = [1e-5, 1e-3, 1e-2, 1e-1, 1, 10];

    /// <summary>The simple forecast that is best on the last two thirds of windows.</summary>
    /// <param name="simple">The forecasts.</param>
    public double[][] Best(IReadOnlyList<SimpleForecast> simple) =>
        SimpleForecast.Best(simple, weights => Errors(FirstJudged, _windows.Count, weights).Sum());

    /// <summary>The last forecast that is better than the one before it by more than chance.</summary>
    /// <param name="gap">By how many places windows are apart that share no value that is forecast, less one.</param>
    /// <param name="simple">Weights of forecasts that need no learning, [L + 1, H] each, the simplest first.</param>
    public double[][] Simplest(int gap, IReadOnlyList<double[][]> simple)
    {
        double[][] simplest = simple[0];
        double[] before = Errors(0, _windows.Count, simplest);
        foreach (double[][] other in simple.Skip(1))
            if (Errors(0, _windows.Count, other) is var after && IsBetter(before, after, gap))
                (simplest, before) = (other, after);
        return simplest;
    }

    /// <summary>Finds the best λ, of several regressions at once, which differ in what they shrink towards.</summary>
    /// <param name="gap">By how many places windows are apart that share no value that is forecast, less one.</param>
    /// <param name="each">The weights of a forecast that needs no learning, and W₀, which the regression shrinks towards, both [L + 1, H].</param>
    /// <returns>
    /// Of each the parts of the forecast, and the squared error of the last two thirds of the windows. Where the regression is no better than
    /// the simple forecast by more than chance, the error is that of the simple one, and so is the forecast if that is persistence, which
    /// forecasts random walks best; otherwise it is the mean of both.
    /// </returns>
    public (IReadOnlyList<RidgeTerm> Terms, double Error)[] Choose(int gap, params (double[][] Simple, double[][] Toward)[] each)
    {
        double[][] before = [.. each.Select(one => Errors(FirstJudged, _windows.Count, one.Simple))];
        if (_windows.Count - FirstJudged < FewestHorizons * (gap + 1))
            return [.. each.Zip(before, (one, errors) => ((IReadOnlyList<RidgeTerm>)[new(1, one.Simple)], errors.Sum()))];
        double[][][] unseen = Unseen(gap, [.. each.Select(one => one.Toward)]);
        return [.. each.Select((one, i) => Chosen(one.Simple, one.Toward, before[i], unseen[i]))];

        (IReadOnlyList<RidgeTerm>, double) Chosen(double[][] simple, double[][] toward, double[] before, double[][] errors)
        {
            double[] after = errors.MinBy(penalty => penalty.Sum())!;
            double penalty = Penalties[Array.IndexOf(errors, after)];
            if (IsBetter(before, after, gap))
                return ([new(1, toward, penalty)], after.Sum());
            return IsPersistence(simple) || !(after.Sum() < before.Sum())
                ? ([new(1, simple)], before.Sum())
                : ([new(0.5, simple), new(0.5, toward, penalty)], before.Sum());
        }
    }

    /// <summary>The weights of a forecast, learned from all windows: [L + 1, H], the intercepts last.</summary>
    public double[][] Weights(IReadOnlyList<RidgeTerm> terms)
    {
        var all = new WindowProducts(_length, _horizon);
        all.Add(_windows);
        return RidgeTerm.Sum(terms, all);
    }

    /// <summary>
    /// The better of two forecasts, or most of it: the mean of their weights, each weighed by the inverse square of its squared error,
    /// since the mean of forecasts errs less than most of them (Bates and Granger 1969).
    /// </summary>
    public static IReadOnlyList<RidgeTerm> Combine((IReadOnlyList<RidgeTerm> Terms, double Error) a, (IReadOnlyList<RidgeTerm> Terms, double Error) b)
    {
        double ratio = a.Error / b.Error, share = double.IsFinite(ratio) ? 1 / (1 + (ratio * ratio)) : 0;
        return [.. Scaled(a.Terms, share), .. Scaled(b.Terms, 1 - share)];

        static IEnumerable<RidgeTerm> Scaled(IEnumerable<RidgeTerm> terms, double factor) =>
            terms.Where(_ => factor > 0).Select(term => term with { Factor = factor * term.Factor });
    }

    /// <summary>The squared error of each window that is judged, learned from windows before its fold: [W₀][λ][windows].</summary>
    private double[][][] Unseen(int gap, double[][][] toward)
    {
        int first = FirstJudged, count = _windows.Count - first, seen = 0;
        double[][][] errors = [.. toward.Select(_ => Penalties.Select(_ => new double[count]).ToArray())];
        var products = new WindowProducts(_length, _horizon);
        for (int fold = 0; fold < Folds; fold++)
        {
            int start = (int)((long)fold * count / Folds), end = (int)((long)(fold + 1) * count / Folds), known = Math.Max(0, first + start - gap);
            products.Add(_windows, seen, known);
            seen = known;
            for (int i = 0; i < Penalties.Count; i++)
            {
                double[][][] solutions = products.SolveEach(Penalties[i], toward);
                for (int one = 0; one < solutions.Length; one++)
                    Errors(first + start, first + end, solutions[one]).CopyTo(errors[one][i], start);
            }
        }
        return errors;
    }

    // The windows before it are what the first fold is forecast from.
    private int FirstJudged => _windows.Count / 3;

    private static bool IsBetter(double[] before, double[] after, int gap) =>
        PairedGains.AreSignificant(PairedGains.ByBlock(before, after, gap + 1), PairedGains.OnceInTwenty);

    private static bool IsPersistence(double[][] weights) => weights.All(row => row.All(weight => weight == 0));

    private double[] Errors(int start, int end, double[][] weights)
    {
        double[] errors = new double[end - start], forecast = new double[end - start];
        for (int h = 0; h < _horizon; h++)
        {
            Array.Clear(forecast);
            for (int i = 0; i <= _length; i++)
                Cholesky.AddScaled(forecast, _x[i].AsSpan(start, forecast.Length), weights[i][h]);
            for (int window = 0; window < errors.Length; window++)
                errors[window] += (_y[h][start + window] - forecast[window]) * (_y[h][start + window] - forecast[window]);
        }
        return errors;
    }
}
