using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// Inverted dropout whose draws are a function of (seed, update, shard): the generator is set before each step, so no checkpoint need keep its state.
/// </summary>
internal sealed class DropoutDraws(Device device) : IDisposable
{
    private readonly Generator _generator = new(0, device);

    /// <summary>What random values follow; also for noise.</summary>
    public Generator Generator => _generator;

    /// <summary>Begins the draws of a step.</summary>
    public void Begin(int seed, long update, int shard, int purpose = 0)
    {
        // SplitMix64's finaliser: neighbouring seeds and updates must not give neighbouring states.
        ulong key = (ulong)(uint)seed + (((ulong)update << 1) * 0x9E3779B97F4A7C15) + ((ulong)(uint)shard * 0xD1342543DE82EF95) + ((ulong)(uint)purpose * 0xA24BAED4963EE407);
        key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9;
        key = (key ^ (key >> 27)) * 0x94D049BB133111EB;
        _generator.manual_seed((long)(key ^ (key >> 31)));
    }

    /// <summary>x with some values zeroed and the others scaled up.</summary>
    public Tensor Drop(Tensor x, float rate)
    {
        if (rate == 0)
            return x;
        using Tensor mask = Mask(x.shape, rate, x.device);
        return x * mask;
    }

    /// <summary>Zeros with the probability <paramref name="rate"/>, else 1 / (1 − rate).</summary>
    public Tensor Mask(long[] shape, float rate, Device on) => empty(shape, dtype: float32, device: on).bernoulli_(1 - (double)rate, _generator).div_(1 - rate);

    public void Dispose() => _generator.Dispose();
}
