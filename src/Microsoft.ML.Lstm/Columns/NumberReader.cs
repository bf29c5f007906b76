using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>Reads a <c>Single</c> or <c>Vector&lt;Single&gt;</c> column of a row as dense numbers, into a buffer that is reused.</summary>
internal sealed class NumberReader
{
    private readonly ValueGetter<float>? _scalar;
    private readonly ValueGetter<VBuffer<float>>? _vector;
    private readonly float[] _single = new float[1];
    private VBuffer<float> _values;
    private VBuffer<float> _dense;

    public NumberReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
            _vector = row.GetGetter<VBuffer<float>>(column);
        else
            _scalar = row.GetGetter<float>(column);
    }

    /// <summary>The numbers of the row that the cursor is at; valid until the next call.</summary>
    public ReadOnlySpan<float> Read()
    {
        if (_scalar is not null)
        {
            _scalar(ref _single[0]);
            return _single;
        }
        ScratchLimit.Apply(ref _values);
        ScratchLimit.Apply(ref _dense);
        _vector!(ref _values);
        if (_values.IsDense)
            return _values.GetValues();
        _values.CopyToDense(ref _dense);
        return _dense.GetValues();
    }
}
