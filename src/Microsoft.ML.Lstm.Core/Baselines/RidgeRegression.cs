namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// Linear regression from windows z to what follows them, where it is worth its while: W [H, L] and b [H] are the minimum of
/// Σ ‖y − b − W·z‖² + λ‖W‖², solved in double. λ is the one that forecasts windows best which it has not seen: each fifth of them in turn, with a gap on
/// either side, so that what is forecast is in none of the others (Bergmeir, Hyndman and Koo 2018).
/// </summary>
/// <param name="length">L.</param>
/// <param name="horizon">H.</param>
internal sealed class RidgeRegression(int length, int horizon)
{
    /// <summary>λ where nothing is left to choose it by.</summary>
    public const double ModeratePenalty = 1e-2;

    private const int Folds = 5;

    /// <summary>Each λ that is tried, in units of the windows' mean square: from hardly any shrinkage to almost all of it.</summary>
    public static IReadOnlyList<double> Penalties { get; } = [1e-5, 1e-3, ModeratePenalty, 1e-1, 1, 10];

    /// <summary>Solves for the weights.</summary>
    /// <param name="windows">What to learn from, in the order of time.</param>
    /// <param name="gap">By how many places windows are apart that share no value that is forecast, less one.</param>
    /// <param name="others">Weights of forecasts that need no learning, [L + 1, H] each, the simplest first.</param>
    /// <returns>The weights, [L + 1, H], the intercepts last, of the last of all these forecasts that is better than the one before it by more than chance.</returns>
    public double[][] Solve(IRegressionWindows windows, int gap, IReadOnlyList<double[][]> others)
    {
        var all = new WindowProducts(length, horizon);
        all.Add(windows);
        double[][] errors = Unseen(windows, gap, all);
        int best = Enumerable.Range(0, errors.Length).MinBy(i => errors[i].Sum());
        double[][] simplest = others[0];
        double[] before = Errors(windows, 0, windows.Count, simplest);
        foreach (double[][] other in others.Skip(1))
            if (Errors(windows, 0, windows.Count, other) is var after && PairedGains.AreSignificant(PairedGains.ByBlock(before, after, gap + 1)))
                (simplest, before) = (other, after);
        return PairedGains.AreSignificant(PairedGains.ByBlock(before, errors[best], gap + 1)) ? all.Solve(Penalties[best]) : simplest;
    }

    /// <summary>The squared error of each window where it was not learned from, for each λ.</summary>
    private double[][] Unseen(IRegressionWindows windows, int gap, WindowProducts all)
    {
        double[][] errors = [.. Penalties.Select(_ => new double[windows.Count])];
        for (int fold = 0; fold < Folds; fold++)
        {
            int start = (int)((long)fold * windows.Count / Folds), end = (int)((long)(fold + 1) * windows.Count / Folds);
            WindowProducts seen = new(length, horizon), left = new(length, horizon);
            left.Add(windows, Math.Max(0, start - gap), Math.Min(windows.Count, end + gap));
            seen.Add(all);
            seen.Subtract(left);
            for (int i = 0; i < errors.Length; i++)
                Errors(windows, start, end, seen.Solve(Penalties[i])).CopyTo(errors[i], start);
        }
        return errors;
    }

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
