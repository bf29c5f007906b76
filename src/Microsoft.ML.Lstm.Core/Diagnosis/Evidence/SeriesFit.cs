namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>
/// How well a step of a series follows from its other steps: linear least squares on the nearest ones, by Gram and Schmidt.
/// </summary>
internal static class SeriesFit
{
    private const int MostSteps = 32;

    // What is left of a column below this fraction of it is rounding.
    private const double Dependent = 1e-10;

    /// <summary>The fraction of the step's variance that the others leave open, by degrees of freedom; 1 when it is the only step.</summary>
    public static double Unexplained(LeakWindows windows, int feature, int step)
    {
        int most = Math.Min(MostSteps, windows.Rows / 4);
        double[] rest = Column(windows, feature, step);
        double all = Dot(rest, rest);
        var basis = new List<double[]>();
        for (int distance = 1; distance < windows.Steps && basis.Count < most; distance++)
            foreach (int other in (ReadOnlySpan<int>)[step - distance, step + distance])
                if (other >= 0 && other < windows.Steps && basis.Count < most)
                    Extend(basis, Column(windows, feature, other));
        foreach (double[] direction in basis)
            Subtract(rest, direction);
        int n = windows.Rows;
        return all > 0 ? Dot(rest, rest) / (n - 1 - basis.Count) / (all / (n - 1)) : 0;
    }

    private static void Extend(List<double[]> basis, double[] column)
    {
        double all = Dot(column, column);
        foreach (double[] direction in basis)
            Subtract(column, direction);
        double rest = Dot(column, column);
        if (!(rest > Dependent * all))
            return;
        for (int row = 0; row < column.Length; row++)
            column[row] /= Math.Sqrt(rest);
        basis.Add(column);
    }

    private static double[] Column(LeakWindows windows, int feature, int step)
    {
        double[] column = new double[windows.Rows];
        double mean = 0;
        for (int row = 0; row < column.Length; row++)
            mean += (column[row] = windows.Features[row, (step * windows.FeatureSize) + feature]) / column.Length;
        for (int row = 0; row < column.Length; row++)
            column[row] -= mean;
        return column;
    }

    private static void Subtract(double[] column, double[] direction)
    {
        double along = Dot(column, direction);
        for (int row = 0; row < column.Length; row++)
            column[row] -= along * direction[row];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int row = 0; row < a.Length; row++)
            sum += a[row] * b[row];
        return sum;
    }
}
