using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>A column in memory.</summary>
/// <param name="name">Its name.</param>
/// <param name="type">Its type in ML.NET.</param>
internal abstract class ColumnData(string name, DataViewType type)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its type.</summary>
    public DataViewType Type { get; } = type;

    /// <summary>Rows.</summary>
    public abstract int Count { get; }

    /// <summary>A getter of the row that is current.</summary>
    public abstract Delegate CreateGetter(Func<int> row);
}

/// <summary>A column of values in memory.</summary>
internal sealed class ColumnData<T>(string name, DataViewType type) : ColumnData(name, type)
{
    private readonly List<T> _values = [];

    /// <summary>Its values.</summary>
    public IReadOnlyList<T> Values => _values;

    /// <inheritdoc/>
    public override int Count => _values.Count;

    /// <summary>Adds a row's value.</summary>
    public void Add(T value) => _values.Add(value);

    /// <inheritdoc/>
    public override Delegate CreateGetter(Func<int> row) => (ValueGetter<T>)((ref T value) => value = _values[row()]);
}
