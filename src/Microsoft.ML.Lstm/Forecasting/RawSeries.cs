using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The rows of one series as they are read: values one row after the other, and where each stands in the data.</summary>
internal sealed class RawSeries(string name, int width)
{
    private readonly List<float> _values = [];

    public string Name => name;

    /// <summary>Times that order the rows; empty if there are none.</summary>
    public List<DateTime> Order { get; } = [];

    /// <summary>Times on the clock.</summary>
    public List<DateTime> Clock { get; } = [];

    /// <summary>Row of the data that each is.</summary>
    public List<int> SourceRows { get; } = [];

    public int Count => SourceRows.Count;

    /// <summary>Adds a row and gives its values to be written: [width].</summary>
    public Span<float> Append(int sourceRow)
    {
        SourceRows.Add(sourceRow);
        CollectionsMarshal.SetCount(_values, _values.Count + width);
        return CollectionsMarshal.AsSpan(_values)[^width..];
    }

    /// <summary>A column on the grid: [rows], NaN where no row stands.</summary>
    public float[] Column(int column, ReadOnlySpan<int> places, int rows)
    {
        float[] values = new float[rows];
        if (rows != places.Length)
            Array.Fill(values, float.NaN);
        ReadOnlySpan<float> all = CollectionsMarshal.AsSpan(_values);
        for (int i = 0; i < places.Length; i++)
            values[places[i]] = all[(i * width) + column];
        return values;
    }
}
