namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Student's t distribution with ν degrees of freedom, by its finite series in θ = atan(t / √ν) (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).</summary>
internal static class StudentDistribution
{
    private const int Halvings = 200;

    /// <summary>The value below which t lies with a probability.</summary>
    /// <param name="probability">The probability, from ½ to below 1.</param>
    /// <param name="degrees">ν, 1 or more.</param>
    public static double Quantile(double probability, int degrees)
    {
        // Of θ rather than t, which has no upper end.
        double low = 0, high = Math.PI / 2;
        for (int i = 0; i < Halvings && low < high; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = (1 + Central(middle, degrees)) / 2 < probability ? (middle, high) : (low, middle);
        }
        return Math.Sqrt(degrees) * Math.Tan((low + high) / 2);
    }

    // P(|T| < √ν·tan θ). The terms: cos θ, ⅔cos³θ, ⅔·⅘cos⁵θ … where ν is odd, 1, ½cos²θ, ½·¾cos⁴θ … where it is even.
    private static double Central(double angle, int degrees)
    {
        double cosine = Math.Cos(angle), term = degrees % 2 == 1 ? cosine : 1, sum = 0;
        for (int power = degrees % 2 == 1 ? 1 : 0; power <= degrees - 2; power += 2)
        {
            sum += term;
            term *= cosine * cosine * (power + 1) / (power + 2);
        }
        return degrees % 2 == 1 ? 2 / Math.PI * (angle + (Math.Sin(angle) * sum)) : Math.Sin(angle) * sum;
    }
}
