using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>A column in memory.</summary>
/// <param name="name">Its name.</param>
/// <param name="type">Its type in ML.NET.</param>
/// <param name="annotations">What is noted on it; null: nothing.</param>
internal abstract class ColumnData(string name, DataViewType type, DataViewSchema.Annotations? annotations = null)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its type.</summary>
    public DataViewType Type { get; } = type;

    /// <summary>What is noted on it; null: nothing.</summary>
    public DataViewSchema.Annotations? Annotations { get; } = annotations;

    /// <summary>Rows.</summary>
    public abstract int Count { get; }

    /// <summary>A getter of the row that is current.</summary>
    public abstract Delegate CreateGetter(Func<int> row);

    /// <summary>The same column by another name.</summary>
    public ColumnData As(string name) => new Renamed(name, this);

    private sealed class Renamed(string name, ColumnData column) : ColumnData(name, column.Type, column.Annotations)
    {
        public override int Count => column.Count;

        public override Delegate CreateGetter(Func<int> row) => column.CreateGetter(row);
    }
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
