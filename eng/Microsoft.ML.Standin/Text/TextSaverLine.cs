namespace Microsoft.ML.Data.IO;

/// <summary>One line, whose last columns are written as "size index:value …" where that is much shorter.</summary>
internal sealed class TextSaverLine(TextWriter writer, char separator, bool forceDense)
{
    // What a sparse item costs, against one for a dense item.
    private const double SparseCost = 2.5;
    private const int MinimumSparseLength = 5;

    private readonly List<string> _items = [];
    private readonly List<(int First, string Default)> _columns = [];
    private readonly List<(int Start, string Text)> _kept = [];

    public void Add(string[] items, string defaultText)
    {
        _columns.Add((_items.Count, defaultText));
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i] != defaultText)
                _kept.Add((_items.Count + i, items[i]));
        }
        _items.AddRange(items);
    }

    public void End()
    {
        int column = forceDense ? _columns.Count : FindSparseColumn();
        int dense = column < _columns.Count ? _columns[column].First : _items.Count;
        writer.Write(string.Join(separator, _items.Take(dense)));
        if (column < _columns.Count)
        {
            string start = dense > 0 ? separator.ToString() : "";
            writer.Write($"{start}{_items.Count - dense}");
            string[] sparse = [.. _kept.Where(k => k.Start >= dense).Select(k => $"{k.Start - dense}:{k.Text}")];
            // A line with a length alone would read as a dense one.
            foreach (string item in sparse.Length > 0 ? sparse : [$"0:{_columns[column].Default}"])
                writer.Write($"{separator}{item}");
        }
        writer.WriteLine();
        _items.Clear();
        _columns.Clear();
        _kept.Clear();
    }

    /// <summary>From which column on the line is sparse; the number of columns if it is not.</summary>
    private int FindSparseColumn()
    {
        int best = 0;
        double bestCost = double.PositiveInfinity;
        for (int column = 0; column <= _columns.Count; column++)
        {
            int first = column < _columns.Count ? _columns[column].First : _items.Count;
            double cost = first + (SparseCost * _kept.Count(k => k.Start >= first));
            if (cost < bestCost)
                (best, bestCost) = (column, cost);
        }
        int dense = best < _columns.Count ? _columns[best].First : _items.Count;
        int length = _items.Count - dense;
        return length < MinimumSparseLength || length < dense / 5 ? _columns.Count : best;
    }
}
