namespace Microsoft.ML.Lstm.Baselines;

/// <summary>A part of a linear forecast: a forecast that needs no learning, or the regression that shrinks towards it.</summary>
/// <param name="Factor">What its weights are multiplied by.</param>
/// <param name="Toward">W₀, [L + 1, H].</param>
/// <param name="Penalty">λ; null: W₀ itself.</param>
internal readonly record struct RidgeTerm(double Factor, double[][] Toward, double? Penalty = null)
{
    /// <summary>The weights of a forecast of several parts, [L + 1, H].</summary>
    /// <param name="terms">The parts, one or more.</param>
    /// <param name="products">The windows that regressions are learned from.</param>
    public static double[][] Sum(IEnumerable<RidgeTerm> terms, WindowProducts products)
    {
        double[][]? sum = null;
        foreach (RidgeTerm term in terms)
        {
            double[][] weights = term.Penalty is { } penalty ? products.Solve(penalty, term.Toward) : term.Toward;
            sum ??= [.. weights.Select(row => new double[row.Length])];
            for (int i = 0; i < sum.Length; i++)
                Cholesky.AddScaled(sum[i], weights[i], term.Factor);
        }
        return sum!;
    }
}
