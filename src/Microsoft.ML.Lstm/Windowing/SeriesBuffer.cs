namespace Microsoft.ML.Lstm.Windowing;

/// <summary>The latest rows of one series, side by side: appended to at the end, moved to the front when the end is reached.</summary>
/// <param name="length">Rows kept.</param>
/// <param name="width">Numbers per row.</param>
internal sealed class SeriesBuffer(int length, int width)
{
    private const int FewRows = 1024;
    private float[] _values = [];
    private int _end;

    /// <summary>Rows appended so far.</summary>
    public long Count { get; private set; }

    /// <summary>Rows held: at most as many as are kept.</summary>
    public int Held => (int)Math.Min(Count, length);

    /// <summary>Values that there is memory for.</summary>
    public int Capacity => _values.Length;

    /// <summary>Makes room for the next row, which the caller fills.</summary>
    public Span<float> Append()
    {
        if (_end > _values.Length - width)
            MakeRoom();
        _end += width;
        Count++;
        return _values.AsSpan(_end - width, width);
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear() => (_end, Count) = (0, 0);

    /// <summary>The last <paramref name="rows"/> rows but for the very last <paramref name="skip"/>: [rows, width].</summary>
    public ReadOnlySpan<float> Last(int rows, int skip = 0) => _values.AsSpan(_end - (rows + skip) * width, rows * width);

    // Room for an eighth more rows than are kept, so that each is moved eight times at most: little beside a window's score, and of long windows little memory.
    private void MakeRoom()
    {
        int kept = (int)Math.Min(_end, (length - 1L) * width);
        long enough = Math.Min(Array.MaxLength, (length + Math.Max(Math.Min(length, FewRows), length / 8L)) * width);
        float[] room = _values.Length < enough ? new float[Math.Min(enough, Math.Max(16L * width, 2L * _values.Length))] : _values;
        _values.AsSpan(_end - kept, kept).CopyTo(room);
        (_values, _end) = (room, kept);
    }
}
