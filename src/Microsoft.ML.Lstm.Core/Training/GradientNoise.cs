using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// Noise on the gradient (Neelakantan et al. 2015): at update t, counted from 0, every element of every parameter gets N(0, η / (1 + t)^0.55)
/// added. It is a function of seed, update and place and nothing else, so no checkpoint need keep it and no worker can disturb it.
/// </summary>
internal sealed unsafe class GradientNoise
{
    private const double Decay = 0.55;
    private const int Most = 16384;
    private readonly double _variance;
    private readonly Part[] _parts;

    /// <summary>Prepares the noise for the parameters of a layout; the gaps between them stay as they are.</summary>
    /// <param name="layout">The parameters.</param>
    /// <param name="variance">η.</param>
    /// <param name="seed">Same seed, same noise.</param>
    public GradientNoise(ParameterLayout layout, float variance, int seed)
    {
        _variance = variance;
        _parts = [.. layout.Slices.SelectMany(slice => Cut(slice, new RandomStream(seed, "gradient noise on " + slice.Name)))];
    }

    /// <summary>Adds a worker's part of the noise of one update.</summary>
    public void Add(float* gradients, long update, int worker, int workers)
    {
        double deviation = Math.Sqrt(_variance / Math.Pow(1 + update, Decay));
        for (int p = worker; p < _parts.Length; p += workers)
        {
            Part part = _parts[p];
            // An odd factor: no two updates have one key.
            part.Random.Restart(part.Key + ((ulong)update * 0xD1342543DE82EF95));
            for (int i = part.Start; i < part.End; i++)
                gradients[i] += (float)(deviation * part.Random.NextGaussian());
        }
    }

    private static IEnumerable<Part> Cut(ParameterSlice slice, RandomStream keys)
    {
        int end = slice.Offset + slice.Length;
        for (int start = slice.Offset; start < end; start += Most)
            yield return new Part(start, Math.Min(start + Most, end), keys.NextUInt64(), new RandomStream(0));
    }

    private sealed record Part(int Start, int End, ulong Key, RandomStream Random);
}
