using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>A column of vectors in memory.</summary>
/// <param name="name">Its name.</param>
/// <param name="type">Its type in ML.NET.</param>
/// <param name="annotations">What is noted on it.</param>
internal sealed class VectorData<T>(string name, VectorDataViewType type, DataViewSchema.Annotations? annotations = null)
    : ColumnData(name, type, annotations)
{
    private readonly List<T[]> _values = [];

    /// <inheritdoc/>
    public override int Count => _values.Count;

    /// <summary>Adds a row's values.</summary>
    public void Add(T[] values) => _values.Add(values);

    // Into the reader's own buffer: what it does with it is its own.
    /// <inheritdoc/>
    public override Delegate CreateGetter(Func<int> row) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
    {
        T[] values = _values[row()];
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, values.Length);
        values.CopyTo(editor.Values);
        value = editor.Commit();
    });
}
