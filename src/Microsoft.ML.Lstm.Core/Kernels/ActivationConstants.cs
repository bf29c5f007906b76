namespace Microsoft.ML.Lstm.Kernels;

/// <summary>The constants of <see cref="Activations{L, V}"/>, which <see cref="GateActivation{L, V}"/> computes by too: the bits of the two are one.</summary>
internal static class ActivationConstants
{
    /// <summary>Where eˣ leaves the normal range; what rounds x / ln 2 to an integer and leaves the exponent field of 2ⁿ in the low bits; 1 / ln 2; −ln 2 in two pieces.</summary>
    public const float ExpLimit = 87.3f, ExpRounder = 12582912f + 127f, ExpPerLog2 = 1.44269504f, ExpLog2High = -0.693359375f, ExpLog2Low = 2.12194440e-4f;

    /// <summary>Cephes' polynomial for eʳ, by the power of r.</summary>
    public const float Exp7 = 1.9875691500e-4f, Exp6 = 1.3981999507e-3f, Exp5 = 8.3334519073e-3f, Exp4 = 4.1665795894e-2f, Exp3 = 1.6666665459e-1f, Exp2 = 5.0000001201e-1f;

    /// <summary>Where tanh rounds to ±1, and Eigen's numerator, by the power of x.</summary>
    public const float TanhLimit = 7.90531110763549805f, TanhP13 = -2.76076847742355e-16f, TanhP11 = 2.00018790482477e-13f, TanhP9 = -8.60467152213735e-11f,
        TanhP7 = 5.12229709037114e-08f, TanhP5 = 1.48572235717979e-05f, TanhP3 = 6.37261928875436e-04f, TanhP1 = 4.89352455891786e-03f;

    /// <summary>Its denominator.</summary>
    public const float TanhQ6 = 1.19825839466702e-06f, TanhQ4 = 1.18534705686654e-04f, TanhQ2 = 2.26843463243900e-03f, TanhQ0 = 4.89352518554385e-03f;
}
