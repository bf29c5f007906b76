using Microsoft.ML.Lstm.Models;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

public sealed class TokenSamplerTests
{
    [Fact]
    public void Draw_ManyTimes_IsAsFrequentAsLikely()
    {
        float[] logits = [9, MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.2f)];

        AssertFrequencies([0, 0.5, 0.3, 0.2], Draw(logits, 1, null, null));
        AssertFrequencies([0, 25 / 38.0, 9 / 38.0, 4 / 38.0], Draw(logits, 0.5, null, null));
        AssertFrequencies([0, 0.625, 0.375, 0], Draw(logits, 1, 2, null));
        AssertFrequencies([0, 0.625, 0.375, 0], Draw(logits, 1, null, 0.6));
        AssertFrequencies([0, 1, 0, 0], Draw(logits, 1, 2, 0.5));
        AssertFrequencies([0, 0.5, 0.3, 0.2], Draw(logits, 1, 99, 1));
        AssertFrequencies([0, 1, 0, 0], Draw(logits, 0, null, null));
    }

    private static double[] Draw(float[] logits, double temperature, int? topK, double? topP)
    {
        const int Draws = 20_000;
        var sampler = new TokenSampler(new Sampling(temperature, topK, topP, seed: 1));
        double[] share = new double[logits.Length];
        for (int i = 0; i < Draws; i++)
            share[sampler.Draw(logits)] += 1.0 / Draws;
        return share;
    }

    // Four standard deviations of 20,000 draws.
    private static void AssertFrequencies(double[] expected, double[] found)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], expected[i] is 0 or 1 ? 1e-9 : 0.015);
    }
}
