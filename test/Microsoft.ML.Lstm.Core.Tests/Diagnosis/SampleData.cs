using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Diagnosis;

/// <summary>Small exactly generated tasks.</summary>
internal static class SampleData
{
    /// <summary>Windows over sines of random phase and period; the target is the value after the window.</summary>
    public static SequenceDataset Sines(int count, int steps = 12, ulong seed = 1, Func<float, float>? feature = null, Func<float, float>? target = null)
    {
        var random = new RandomStream(seed);
        return Numbers(count, 1, 1, () =>
        {
            double phase = 6.28 * random.NextDouble(), speed = 0.3 + (0.5 * random.NextDouble());
            float[] series = [.. Enumerable.Range(0, steps + 1).Select(t => (float)Math.Sin(phase + (speed * t)))];
            float[] window = [.. series[..steps].Select(x => feature is null ? x : feature(x))];
            return (window, [target is null ? series[steps] : target(series[steps])]);
        });
    }

    /// <summary>Windows over an autoregressive series, of which the past explains a part.</summary>
    public static SequenceDataset Autoregression(int count, int steps = 8, double memory = 0.8, ulong seed = 2)
    {
        var random = new RandomStream(seed);
        double[] series = new double[count + steps];
        for (int t = 1; t < series.Length; t++)
            series[t] = (memory * series[t - 1]) + (Math.Sqrt(1 - (memory * memory)) * random.NextGaussian());
        var dataset = new SequenceDataset(new() { FeatureSize = 1 });
        float[] values = [.. series.Select(x => (float)x)];
        for (int i = 0; i < count; i++)
            dataset.Add(new SequenceExample { Features = values.AsSpan(i, steps), Targets = values.AsSpan(i + steps, 1) });
        return dataset;
    }

    /// <summary>White noise with a target computed from the steps.</summary>
    public static SequenceDataset Noise(int count, int steps, Func<float[], float> target, int features = 1, ulong seed = 3, float size = 1)
    {
        var random = new RandomStream(seed);
        return Numbers(count, features, 1, () =>
        {
            float[] window = [.. Enumerable.Range(0, steps * features).Select(_ => size * (float)random.NextGaussian())];
            return (window, [target(window)]);
        });
    }

    /// <summary>Random tokens, their number between <paramref name="shortest"/> and <paramref name="longest"/>, and a class for each sequence.</summary>
    public static SequenceDataset Tokens(int count, int shortest, int longest, int vocabulary, Func<int[], int> classOf, ulong seed = 4)
    {
        var random = new RandomStream(seed);
        var dataset = new SequenceDataset(new() { HasTokens = true, Target = TargetKind.Class });
        for (int i = 0; i < count; i++)
        {
            int[] tokens = [.. Enumerable.Range(0, shortest + random.NextInt(longest - shortest + 1)).Select(_ => random.NextInt(vocabulary))];
            dataset.Add(new SequenceExample { Tokens = tokens, Classes = [classOf(tokens)] });
        }
        return dataset;
    }

    /// <summary>Random tokens and a class for each step.</summary>
    public static SequenceDataset Tags(int count, int shortest, int longest, int vocabulary, Func<int[], int, int> classAt, ulong seed = 5)
    {
        var random = new RandomStream(seed);
        var dataset = new SequenceDataset(new() { HasTokens = true, Target = TargetKind.Class, TargetEveryStep = true });
        for (int i = 0; i < count; i++)
        {
            int[] tokens = [.. Enumerable.Range(0, shortest + random.NextInt(longest - shortest + 1)).Select(_ => random.NextInt(vocabulary))];
            dataset.Add(new SequenceExample { Tokens = tokens, Classes = [.. Enumerable.Range(0, tokens.Length).Select(t => classAt(tokens, t))] });
        }
        return dataset;
    }

    /// <summary>All strings of so many bits, each with its parity as the class.</summary>
    public static SequenceDataset Parity(int bits)
    {
        var dataset = new SequenceDataset(new() { FeatureSize = 1, Target = TargetKind.Class });
        for (int i = 0; i < 1 << bits; i++)
        {
            int[] values = [.. Enumerable.Range(0, bits).Select(b => (i >> b) & 1)];
            dataset.Add(new SequenceExample { Features = [.. values.Select(b => (float)b)], Classes = [values.Sum() % 2] });
        }
        return dataset;
    }

    /// <summary>The same with each feature multiplied.</summary>
    public static SequenceDataset Scaled(this SequenceDataset source, params float[] factors)
    {
        int example = 0;
        return Numbers(source.Count, factors.Length, source.Shape.TargetSize, () =>
        {
            float[] window = [.. source.Features(example).ToArray().Select((x, i) => x * factors[i % factors.Length])];
            return (window, source.Targets(example++).ToArray());
        });
    }

    /// <summary>Examples of numbers from a generator.</summary>
    public static SequenceDataset Numbers(int count, int features, int targets, Func<(float[] Window, float[] Targets)> next)
    {
        var dataset = new SequenceDataset(new() { FeatureSize = features, TargetSize = targets });
        for (int i = 0; i < count; i++)
        {
            (float[] window, float[] target) = next();
            dataset.Add(new SequenceExample { Features = window, Targets = target });
        }
        return dataset;
    }
}
