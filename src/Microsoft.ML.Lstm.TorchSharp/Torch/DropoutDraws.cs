using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// Inverted dropout whose draws are a function of (seed, update, shard): the generator is set before each step, so no checkpoint need keep its state.
/// TorchSharp makes generators for the CPU alone; on a GPU it is libtorch's own, which the whole process shares.
/// </summary>
internal sealed class DropoutDraws(Device device) : IDisposable
{
    private readonly Generator? _generator = device.type == DeviceType.CPU ? new Generator(0, device) : null;

    /// <summary>What random values follow, also noise; null: the device's own generator.</summary>
    public Generator? Generator => _generator;

    /// <summary>Begins the draws of a step.</summary>
    public void Begin(int seed, long update, int shard, int purpose = 0)
    {
        // SplitMix64's finaliser: neighbouring seeds and updates must not give neighbouring states.
        ulong key = (ulong)(uint)seed + (((ulong)update << 1) * 0x9E3779B97F4A7C15) + ((ulong)(uint)shard * 0xD1342543DE82EF95) + ((ulong)(uint)purpose * 0xA24BAED4963EE407);
        key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9;
        key = (key ^ (key >> 27)) * 0x94D049BB133111EB;
        long state = (long)(key ^ (key >> 31));
        if (_generator is null)
            cuda.manual_seed_all(state);
        else
            _generator.manual_seed(state);
    }

    /// <summary>x with some values zeroed and the others scaled up.</summary>
    public Tensor Drop(Tensor x, float rate)
    {
        if (rate == 0)
            return x;
        // One operation instead of four, which follows the device's own generator.
        if (_generator is null)
            return nn.functional.dropout(x, rate);
        using Tensor mask = Mask(x.shape, rate, x.device);
        return x * mask;
    }

    /// <summary>Zeros with the probability <paramref name="rate"/>, else 1 / (1 − rate).</summary>
    public Tensor Mask(long[] shape, float rate, Device on) => empty(shape, dtype: float32, device: on).bernoulli_(1 - (double)rate, _generator).div_(1 - rate);

    public void Dispose() => _generator?.Dispose();
}
