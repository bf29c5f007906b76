namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>
/// Looks for a place in the inputs that gives the label away: the label is tied to it (|r| above 0.999), and far more closely than the
/// other steps tie that place. The second condition lets smooth, seasonal and deterministic series pass, whose steps tell of each other as
/// much as of the label.
/// </summary>
internal static class LeakSearch
{
    // |r| = 0.999.
    private const double MostUnexplained = 0.002;

    // The next step of a random walk is tied to the last as the last is to the one before; of a smooth series four times less.
    private const double Contrast = 25;

    // Below this, single precision and rounding speak rather than the data.
    private const double Resolution = 1e-6;

    private const double CopiedTokens = 0.999, FewCopiedTokens = 0.9;

    /// <summary>The clearest such place; null when there is none.</summary>
    public static LabelLeak? Search(LeakWindows windows)
    {
        LabelLeak? found = windows.HasTokens && windows.TargetSize == 0 ? SearchTokens(windows) : null;
        for (int feature = 0; feature < windows.FeatureSize; feature++)
        {
            (int step, double unexplained) = Closest(windows, feature);
            if (!(unexplained <= MostUnexplained))
                continue;
            double context = IsStatic(windows, feature) ? 1 : windows.TargetSize > 0
                ? SeriesFit.Unexplained(windows, feature, step)
                : OtherSteps(windows, feature, step);
            bool isTied = Math.Max(unexplained, Resolution) * Contrast < Math.Max(context, Resolution);
            if (isTied && unexplained < (found?.Unexplained ?? double.MaxValue))
                found = new LabelLeak(feature, windows.Anchor - step, unexplained, context);
        }
        return found;
    }

    private static (int Step, double Unexplained) Closest(LeakWindows windows, int feature)
    {
        (int step, double least) = (-1, double.MaxValue);
        for (int s = windows.Suspects.First; s <= windows.Suspects.Last; s++)
            if (Unexplained(windows, feature, s) is var open && open < least)
                (step, least) = (s, open);
        return (step, least);
    }

    /// <summary>Fraction of the label's variance that a place leaves open; for classes, the fraction of the place's that lies within them.</summary>
    private static double Unexplained(LeakWindows windows, int feature, int step)
    {
        int column = (step * windows.FeatureSize) + feature;
        if (windows.TargetSize == 0)
            return WithinClasses(windows, column);
        double least = double.MaxValue;
        for (int target = 0; target < windows.TargetSize; target++)
            least = Math.Min(least, 1 - SquaredCorrelation(windows, column, target));
        return least;
    }

    private static double SquaredCorrelation(LeakWindows windows, int column, int target)
    {
        double x0 = windows.Features[0, column], y0 = windows.Targets[0, target], sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
        for (int row = 0; row < windows.Rows; row++)
        {
            double x = windows.Features[row, column] - x0, y = windows.Targets[row, target] - y0;
            sx += x;
            sy += y;
            sxx += x * x;
            syy += y * y;
            sxy += x * y;
        }
        double n = windows.Rows, xx = sxx - (sx * sx / n), yy = syy - (sy * sy / n), xy = sxy - (sx * sy / n);
        return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
    }

    // Both variances by their degrees of freedom: classes of one example each would otherwise explain everything.
    private static double WithinClasses(LeakWindows windows, int column)
    {
        int n = windows.Rows, groups = windows.GroupCount, free = n - groups;
        Span<(int Count, double Sum, double Squares)> sums = new (int, double, double)[groups];
        double x0 = windows.Features[0, column], sum = 0, squares = 0, within = 0;
        for (int row = 0; row < n; row++)
        {
            double x = windows.Features[row, column] - x0;
            ref (int Count, double Sum, double Squares) group = ref sums[windows.Groups[row]];
            group = (group.Count + 1, group.Sum + x, group.Squares + (x * x));
            sum += x;
            squares += x * x;
        }
        foreach ((int count, double groupSum, double groupSquares) in sums)
            within += Math.Max(0, groupSquares - (groupSum * groupSum / count));
        double total = squares - (sum * sum / n);
        return total > 0 && groups > 1 && free >= groups ? within / free / (total / (n - 1)) : 1;
    }

    private static double OtherSteps(LeakWindows windows, int feature, int step)
    {
        double least = 1;
        for (int s = 0; s < windows.Steps; s++)
            if (s != step)
                least = Math.Min(least, Unexplained(windows, feature, s));
        return least;
    }

    private static bool IsStatic(LeakWindows windows, int feature)
    {
        for (int row = 0; row < windows.Rows; row++)
            for (int s = 1; s < windows.Steps; s++)
                if (windows.Features[row, (s * windows.FeatureSize) + feature] != windows.Features[row, feature])
                    return false;
        return true;
    }

    // At the last or the label's own step alone: in a text with a period any step can be the next token.
    private static LabelLeak? SearchTokens(LeakWindows windows)
    {
        int first = Math.Max(windows.Suspects.First, windows.Anchor);
        if (windows.Classes.AsSpan(0, windows.Rows).IndexOfAnyExcept(windows.Classes[0]) < 0)
            return null;
        for (int step = first; step <= windows.Suspects.Last; step++)
        {
            double copied = Copied(step), elsewhere = step > 0 ? Copied(step - 1) : 0;
            if (copied >= CopiedTokens && elsewhere < FewCopiedTokens)
                return new LabelLeak(null, windows.Anchor - step, 1 - copied, 1 - elsewhere);
        }
        return null;

        double Copied(int step)
        {
            int count = 0;
            for (int row = 0; row < windows.Rows; row++)
                count += windows.Tokens[row, step] == windows.Classes[row] ? 1 : 0;
            return (double)count / windows.Rows;
        }
    }
}

/// <summary>A place in the inputs that gives the label away.</summary>
/// <param name="Feature">The numeric input; null: the token.</param>
/// <param name="StepsBack">Steps before the last one, or before the label's own where every step has one; negative: after it.</param>
/// <param name="Unexplained">Fraction of the label's variance that this place leaves open.</param>
/// <param name="Context">Fraction of this place's own variance that the other steps leave open.</param>
internal sealed record LabelLeak(int? Feature, int StepsBack, double Unexplained, double Context);
