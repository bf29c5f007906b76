using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>(value - Offset) · Scale, or the normal distribution's mass below value where the two are its mean and deviation.</summary>
internal readonly record struct SlotFunction<T>(T Scale, T Offset, bool IsCdf = false)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T value)
    {
        if (!IsCdf)
            return (value - Offset) * Scale;
        if (Scale <= T.Epsilon || !T.IsFinite(value))
            return T.Zero;
        // Winitzki's approximation of the error function.
        T x = (value - Offset) / Scale;
        T half = x * x / (T.One + T.One);
        T bend = T.CreateTruncating(0.147) * half;
        double exponent = double.CreateTruncating(-half) * ((4 / Math.PI) + double.CreateTruncating(bend))
            / double.CreateTruncating(T.One + bend);
        return T.CreateTruncating(0.5 + (0.5 * T.Sign(x) * Math.Sqrt(1 - Math.Exp(exponent))));
    }
}
