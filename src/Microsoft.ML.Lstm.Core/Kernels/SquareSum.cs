using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Kernels;

/// <summary>
/// Σ a², in double, in 16 chains: the order depends on the count alone, not on the machine. Rounds of 16 zeros between two ranges may be left out, as they
/// change no chain.
/// </summary>
internal unsafe struct SquareSum
{
    private Vector512<double> _low, _high;
    private float* _rest;
    private int _restCount;

    /// <summary>Takes in a range; only after the last may a round of 16 be begun and not ended.</summary>
    public void Add(float* a, int count)
    {
        (Vector512<double> low, Vector512<double> high) = (_low, _high);
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            (Vector512<double> x, Vector512<double> y) = Vector512.Widen(Vector512.Load(a + i));
            low += x * x;
            high += y * y;
        }
        (_low, _high) = (low, high);
        _rest = a + i;
        _restCount = count - i;
    }

    /// <summary>The sum of all ranges, which must still be there.</summary>
    public readonly double Total()
    {
        Vector512<double> lanes = _low + _high;
        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
            sum += lanes[lane];
        for (int i = 0; i < _restCount; i++)
            sum += (double)_rest[i] * _rest[i];
        return sum;
    }
}
