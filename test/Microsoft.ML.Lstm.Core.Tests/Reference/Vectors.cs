namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>Elementwise arithmetic on fresh vectors.</summary>
internal static class Vectors
{
    public static double[] Plus(this double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    public static double[] Times(this double[] a, double[] b) => [.. a.Zip(b, (x, y) => x * y)];

    public static double[] Map(this double[] a, Func<double, double> f) => Array.ConvertAll(a, x => f(x));

    /// <summary>Part <paramref name="index"/> of a vector cut into parts of <paramref name="size"/>.</summary>
    public static double[] Part(this double[] a, int index, int size) => a[(index * size)..((index + 1) * size)];

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
