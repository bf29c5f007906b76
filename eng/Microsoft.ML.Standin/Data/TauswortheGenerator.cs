using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>
/// ML.NET's random numbers: three Tausworthe generators and a linear congruential one, combined by exclusive or (Howes and Thomas,
/// GPU Gems 3, chapter 37). The same seed splits data into the same parts as there.
/// </summary>
internal sealed class TauswortheGenerator
{
    private uint _first;
    private uint _second;
    private uint _third;
    private uint _linear;

    public TauswortheGenerator(uint seed)
    {
        _first = seed;
        _second = Mix(_first, _first);
        _third = Mix(_second, _first);
        _linear = Mix(_third, _first);
    }

    /// <summary>A number in [0, 1) of 23 random bits.</summary>
    public float NextSingle()
    {
        _first = Step(_first, 13, 19, 12, 0xFFFFFFFE);
        _second = Step(_second, 2, 25, 4, 0xFFFFFFF8);
        _third = Step(_third, 3, 11, 17, 0xFFFFFFF0);
        _linear = unchecked((1664525 * _linear) + 1013904223);
        return ((_first ^ _second ^ _third ^ _linear) >> 9) / (float)(1 << 23);
    }

    private static uint Step(uint state, int left, int right, int shift, uint mask) =>
        ((state & mask) << shift) ^ (((state << left) ^ state) >> right);

    /// <summary>One round of MurmurHash3.</summary>
    private static uint Mix(uint hash, uint value)
    {
        unchecked
        {
            hash ^= BitOperations.RotateLeft(value * 0xCC9E2D51, 15) * 0x1B873593;
            return (BitOperations.RotateLeft(hash, 13) * 5) + 0xE6546B64;
        }
    }
}
