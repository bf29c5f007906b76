using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Importance;

/// <summary>Rows held in memory as a data view, with one feature exchanged among them.</summary>
/// <param name="rows">The rows.</param>
/// <param name="exchange">What is exchanged; null: nothing.</param>
internal sealed class ExchangedRowsView(SequenceRows rows, SequenceExchange? exchange) : IDataView
{
    private static readonly int[] s_token = [0];

    public DataViewSchema Schema => rows.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private Delegate CreateGetter(string column, Func<int> row) =>
        column == rows.LabelName ? rows.Labels.CreateGetter(row)
        : column == rows.Input.TokenColumn?.Name ? (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> value) => SetTokens(row(), ref value))
        : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => SetFeatures(row(), ref value));

    private void SetFeatures(int row, ref VBuffer<float> value)
    {
        float[] own = rows.Features[row];
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, own.Length);
        own.CopyTo(editor.Values);
        if (exchange?.Feature is { } places)
            exchange.Apply(row, editor.Values, rows.Features, places, rows.Input.FeatureSize);
        value = editor.Commit();
    }

    private void SetTokens(int row, ref VBuffer<uint> value)
    {
        int[] tokens = rows.Tokens[row];
        if (exchange is { Feature: null })
        {
            tokens = [.. tokens];
            exchange.Apply(row, tokens, rows.Tokens, s_token, 1);
        }
        VectorValue.Set(MemoryMarshal.Cast<int, uint>(tokens), ref value);
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly ExchangedRowsView _owner;
        private readonly Delegate?[] _getters;
        private int _row = -1;

        public Cursor(ExchangedRowsView owner, IEnumerable<DataViewSchema.Column> columns)
        {
            _owner = owner;
            _getters = new Delegate?[owner.Schema.Count];
            foreach (DataViewSchema.Column column in columns)
                _getters[column.Index] = owner.CreateGetter(column.Name, () => _row);
        }

        public override long Position => _row;

        public override long Batch => 0;

        public override DataViewSchema Schema => _owner.Schema;

        public override bool MoveNext()
        {
            if (_row + 1 >= _owner.GetRowCount())
                return false;
            _row++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Getters.RequireActive(this, column);
            return Getters.As<TValue>(_getters[column.Index]!, column);
        }
    }
}
