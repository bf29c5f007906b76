namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>LN(v; γ) = γ ⊙ (v − mean(v)) / √(var(v) + 10⁻⁵), over each group of <c>size</c> values separately; the identity without γ.</summary>
internal static class ReferenceNorm
{
    private const double Epsilon = 1e-5;

    public static (double[] Y, Func<double[], double[]> Backward) Apply(double[] v, int size, Parameter? gain)
    {
        if (gain is null)
            return (v, dy => dy);
        double[] gamma = gain.Vector();
        int groups = v.Length / size;
        double[] deviations = new double[groups], normal = new double[v.Length];
        for (int k = 0; k < groups; k++)
        {
            double[] part = v.Part(k, size);
            double mean = part.Average();
            deviations[k] = Math.Sqrt(part.Average(x => (x - mean) * (x - mean)) + Epsilon);
            for (int j = 0; j < size; j++)
                normal[k * size + j] = (part[j] - mean) / deviations[k];
        }
        return (normal.Times(gamma), Backward);

        double[] Backward(double[] dy)
        {
            gain.VectorBackward(dy.Times(normal));
            var dv = new double[v.Length];
            for (int k = 0; k < groups; k++)
            {
                double[] dn = dy.Times(gamma).Part(k, size), n = normal.Part(k, size);
                double mean = dn.Average(), projection = dn.Times(n).Average();
                for (int j = 0; j < size; j++)
                    dv[k * size + j] = (dn[j] - mean - n[j] * projection) / deviations[k];
            }
            return dv;
        }
    }
}
