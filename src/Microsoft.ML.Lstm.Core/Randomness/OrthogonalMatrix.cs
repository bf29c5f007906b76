using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Randomness;

/// <summary>
/// Random matrices with orthonormal rows or columns, uniform over all of them (Saxe, McClelland and Ganguli 2014): the Q of a Gaussian
/// matrix, by modified Gram-Schmidt in double. Sums run in eight fixed lanes, so the result does not depend on the machine's vectors.
/// </summary>
internal static class OrthogonalMatrix
{
    private const int Lanes = 8;

    /// <summary>Fills a row-major [rows, columns] matrix; the shorter of its sides is orthonormal.</summary>
    public static void Fill(Span<float> matrix, int rows, int columns, RandomStream random)
    {
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        int stride = (length + Lanes - 1) / Lanes * Lanes;
        double[] vectors = new double[checked(count * stride)];
        for (int k = 0; k < count; k++)
            for (int i = 0; i < length; i++)
                vectors[k * stride + i] = random.NextGaussian();
        Orthonormalize(vectors, count, stride);
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                matrix[r * columns + c] = (float)(rows <= columns ? vectors[r * stride + c] : vectors[c * stride + r]);
    }

    private static void Orthonormalize(double[] vectors, int count, int stride)
    {
        for (int k = 0; k < count; k++)
        {
            Span<double> unit = vectors.AsSpan(k * stride, stride);
            double scale = 1 / Math.Sqrt(Dot(unit, unit));
            foreach (ref double value in unit)
                value *= scale;
            for (int j = k + 1; j < count; j++)
            {
                Span<double> other = vectors.AsSpan(j * stride, stride);
                Subtract(other, unit, Dot(other, unit));
            }
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector512<double>> x = MemoryMarshal.Cast<double, Vector512<double>>(a);
        ReadOnlySpan<Vector512<double>> y = MemoryMarshal.Cast<double, Vector512<double>>(b);
        Vector512<double> sum = Vector512<double>.Zero;
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        double total = 0;
        for (int lane = 0; lane < Lanes; lane++)
            total += sum[lane];
        return total;
    }

    private static void Subtract(Span<double> from, ReadOnlySpan<double> unit, double amount)
    {
        Span<Vector512<double>> x = MemoryMarshal.Cast<double, Vector512<double>>(from);
        ReadOnlySpan<Vector512<double>> y = MemoryMarshal.Cast<double, Vector512<double>>(unit);
        for (int i = 0; i < x.Length; i++)
            x[i] -= y[i] * amount;
    }
}
