using System.Collections;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>An endless enumeration of whatever row was put into it last: lets ML.NET read a class's columns one object at a time.</summary>
internal sealed class RowFeed<TRow> : IEnumerable<TRow>
    where TRow : class
{
    /// <summary>The row that comes next.</summary>
    public TRow? Current { get; set; }

    public IEnumerator<TRow> GetEnumerator()
    {
        while (true)
            yield return Current!;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
