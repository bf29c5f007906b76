using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Rows of <paramref name="width"/> numbers, appended a window at a time. A window that begins with what the last one ended with is
/// not stored again, only its new rows: a series costs its own length however many windows slide over it. Bits are compared.
/// </summary>
internal sealed class WindowStore<T>(int width, bool findsOverlaps = true)
    where T : unmanaged
{
    // Number of the first row held: another process may hold those before.
    private int _origin;
    private T[] _values = [];
    private int _length;
    private int _previousStart;
    private int _shift = 1;

    /// <summary>Numbers per row.</summary>
    public int Width => width;

    /// <summary>Numbers held.</summary>
    public int Length => _length;

    /// <summary>The rows from <paramref name="start"/>.</summary>
    public ReadOnlySpan<T> Rows(int start, int count) => _values.AsSpan((start - _origin) * width, count * width);

    /// <summary>Where the last window lies and rows end, and by how many rows windows move on: all that the place of the next depends on,
    /// but for <see cref="Tail"/>.</summary>
    public WindowStoreEnd End => new(checked(_origin + _previousStart), checked(_origin + (_length / width)), _shift);

    /// <summary>The rows from the last window on.</summary>
    public ReadOnlySpan<T> Tail => _values.AsSpan(_previousStart * width, _length - (_previousStart * width));

    /// <summary>An empty store, whose windows lie as if they were appended to another that ends so.</summary>
    public static WindowStore<T> After(WindowStoreEnd end, ReadOnlySpan<T> tail, int width) =>
        new(width) { _origin = end.LastWindow, _values = tail.ToArray(), _length = tail.Length, _shift = end.Shift };

    /// <summary>Drops all rows and keeps the memory.</summary>
    public void Clear() => (_length, _previousStart, _shift) = (0, 0, 1);

    /// <summary>Appends a window; returns its first row.</summary>
    public int Append(ReadOnlySpan<T> window)
    {
        int start = findsOverlaps ? FindStart(window) : _length / width;
        int known = Math.Min(window.Length, _length - start * width);
        ReadOnlySpan<T> added = window[known..];
        Reserve(added.Length);
        added.CopyTo(_values.AsSpan(_length));
        _length += added.Length;
        _previousStart = start;
        return checked(_origin + start);
    }

    /// <summary>Gives back what was reserved for more.</summary>
    public void TrimExcess() => Array.Resize(ref _values, _length);

    // Windows of one series mostly step by a constant stride, so the last shift is tried first. The work is bounded: without a bound a
    // long window of equal numbers would be compared at every shift to its end.
    private int FindStart(ReadOnlySpan<T> window)
    {
        int end = _length / width;
        if (Matches(window, _previousStart + _shift, end, out _))
            return _previousStart + _shift;
        long budget = 16L * window.Length;
        for (int start = _previousStart + 1; start < end && budget > 0; start++)
        {
            if (Matches(window, start, end, out int compared))
            {
                _shift = start - _previousStart;
                return start;
            }
            budget -= compared + 4;
        }
        return end;
    }

    private bool Matches(ReadOnlySpan<T> window, int start, int end, out int compared)
    {
        compared = 0;
        if (start >= end)
            return false;
        ReadOnlySpan<T> stored = _values.AsSpan(start * width, _length - start * width);
        int overlap = Math.Min(stored.Length, window.Length);
        compared = Bits(stored[..overlap]).CommonPrefixLength(Bits(window[..overlap]));
        return compared == overlap;
    }

    private static ReadOnlySpan<int> Bits(ReadOnlySpan<T> values) => MemoryMarshal.Cast<T, int>(values);

    private void Reserve(int count)
    {
        long needed = (long)_length + count;
        if (needed <= _values.Length)
            return;
        if (needed > Array.MaxLength)
            throw new InvalidOperationException(Invariant($"The dataset would hold {Plural.Of(needed, "number")} of one kind; expected at most {Array.MaxLength}."));
        Array.Resize(ref _values, (int)Math.Min(Array.MaxLength, Math.Max(needed, 64 + _values.Length * 3L / 2)));
    }
}
