using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public class GradientNoiseTests
{
    // More than one part to a slice, and gaps between slices.
    private static readonly ParameterLayout Layout = new(new NetworkSpec { InputSize = 3, HiddenSizes = [130], OutputSize = 1 });

    [Theory]
    [InlineData(0, 0.3)]
    [InlineData(99, 0.3 * 0.07943282347242815)]
    public void Add_AnyUpdate_HasThePublishedVariance(long update, double expected)
    {
        float[] noise = Noise(update);
        double[] values = [.. Layout.Slices.SelectMany(slice => noise[slice.Offset..(slice.Offset + slice.Length)]).Select(x => (double)x)];
        Assert.Equal(0, values.Average() / Math.Sqrt(expected), 0.02);
        Assert.Equal(1, values.Average(x => x * x) / expected, 0.03);
        Assert.Equal(values.Length, values.Distinct().Count(), values.Length * 0.01);
        double neighbours = values.Zip(values.Skip(1), (a, b) => a * b).Average();
        Assert.Equal(0, neighbours / expected, 0.02);
    }

    [Fact]
    public void Add_GapsBetweenParameters_StayZero()
    {
        float[] noise = Noise(0);
        foreach (ParameterSlice slice in Layout.Slices)
            noise.AsSpan(slice.Offset, slice.Length).Clear();
        Assert.All(noise, x => Assert.Equal(0, x));
    }

    [Fact]
    public void Add_AnyWorkers_DependsOnSeedAndUpdateAlone()
    {
        float[] noise = Noise(5);
        Assert.Equal(noise, Noise(5, workers: 3));
        foreach (float[] other in new[] { Noise(6), Noise(5, seed: 2) })
        {
            double together = noise.Zip(other, (a, b) => (double)a * b).Sum(), alone = noise.Sum(x => (double)x * x);
            Assert.Equal(0, together / alone, 0.02);
        }
    }

    [Fact]
    public void TrainStep_GradientNoise_IsAddedToTheClippedGradient()
    {
        var spec = new NetworkSpec { InputSize = 2, HiddenSizes = [8], OutputSize = 1 };
        var options = Plain.Engine with { Optimizer = new() { Kind = OptimizerKind.Sgd }, ClipNorm = 0.01f, Seed = 4, Threads = 1 };
        using ManagedEngine calm = new(spec, options), noisy = new(spec, options with { GradientNoise = 1 });
        var batch = new SequenceBatch();
        TrainingData.Linear(16).Fill(batch, [0, 1, 2, 3]);
        StepResult one = calm.Step(batch, 1), other = noisy.Step(batch, 1);
        Assert.Equal(one, other);
        float[] expected = new float[calm.Parameters.BlockLength];
        Fill(new GradientNoise(calm.Parameters, 1, seed: 4), expected, update: 0, workers: 1);
        float[] weights = ResumableTraining.Weights(calm), moved = ResumableTraining.Weights(noisy);
        Assert.All(Enumerable.Range(0, weights.Length), i => Assert.Equal(expected[i], weights[i] - moved[i], 1e-5f));
    }

    private static float[] Noise(long update, int workers = 1, int seed = 1)
    {
        float[] gradients = new float[Layout.BlockLength];
        Fill(new GradientNoise(Layout, 0.3f, seed), gradients, update, workers);
        return gradients;
    }

    private static unsafe void Fill(GradientNoise noise, float[] gradients, long update, int workers)
    {
        fixed (float* pointer = gradients)
            for (int worker = 0; worker < workers; worker++)
                noise.Add(pointer, update, worker, workers);
    }
}
