namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// The latest rows of a series, as many as a window holds: [rows, width], and the time of each. At twice as many the older half is dropped, so a row costs no more than its own copy in the long run.
/// </summary>
internal sealed class SeriesWindow(int width, int capacity, bool hasTimes)
{
    private const int First = 16;
    private float[] _values = [];
    private DateTime[] _times = [];
    private int _start, _end;

    /// <summary>Rows held.</summary>
    public int Count => _end - _start;

    /// <summary>All values: [rows, width].</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(_start * width, Count * width);

    /// <summary>Time of each row; empty if rows have none.</summary>
    public ReadOnlySpan<DateTime> Times => hasTimes ? _times.AsSpan(_start, Count) : [];

    /// <summary>Values of the latest row; empty if there is none.</summary>
    public ReadOnlySpan<float> Last => Count == 0 ? [] : _values.AsSpan((_end - 1) * width, width);

    /// <summary>Adds a row and gives its values to be written: [width].</summary>
    public Span<float> Append(DateTime time)
    {
        MakeRoom();
        if (hasTimes)
            _times[_end] = time;
        _end++;
        _start = Math.Max(_start, _end - capacity);
        return _values.AsSpan((_end - 1) * width, width);
    }

    /// <summary>One column: [rows].</summary>
    public float[] Column(int column, int extraRows = 0)
    {
        float[] values = new float[Count + extraRows];
        ReadOnlySpan<float> all = Values;
        for (int row = 0; row < Count; row++)
            values[row] = all[(row * width) + column];
        values.AsSpan(Count).Fill(float.NaN);
        return values;
    }

    /// <summary>A window of its own with the same rows.</summary>
    public SeriesWindow Copy() => new(width, capacity, hasTimes)
    {
        _values = Values.ToArray(),
        _times = Times.ToArray(),
        _end = Count,
    };

    private void MakeRoom()
    {
        int room = width == 0 ? 0 : _values.Length / width;
        if (_end < room)
            return;
        if (_start > 0 && Count <= room / 2)
        {
            Values.CopyTo(_values);
            Times.CopyTo(_times);
            (_start, _end) = (0, Count);
            return;
        }
        int rows = (int)Math.Min(2L * capacity, Math.Max(First, 2L * room));
        Array.Resize(ref _values, checked(rows * width));
        if (hasTimes)
            Array.Resize(ref _times, rows);
    }
}
