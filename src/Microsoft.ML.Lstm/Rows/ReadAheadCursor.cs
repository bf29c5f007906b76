using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>
/// Reads some rows ahead, computes the added columns of all of them at once, and hands the rows out one by one, to the same bits as row by row. It begins with one row
/// and doubles, so that who takes only the first pays for no more. A row that cannot be read ahead is handed out as it is, so that whatever it throws, it throws where it
/// would without reading ahead.
/// </summary>
internal sealed class ReadAheadCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly ExtensionMapper _mapper;
    private readonly DataViewSchema.Column[] _columns;
    private readonly bool[] _active;
    private readonly IRowBlock _block;
    private readonly BufferedColumn?[] _buffered;
    private readonly Delegate[] _added;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly List<(long Position, long Batch, DataViewRowId Id)> _rows = [];
    private ExtendedRow? _direct;
    private int _at = -1, _rowsAhead = 1;
    private bool _isDirect, _cannotReadAhead, _isAtEnd;
    private ExceptionDispatchInfo? _fault;

    /// <param name="input">What to read.</param>
    /// <param name="mapper">Adds the columns.</param>
    /// <param name="columns">The columns that are asked for.</param>
    /// <param name="block">Computes the added ones.</param>
    public ReadAheadCursor(DataViewRowCursor input, ExtensionMapper mapper, DataViewSchema.Column[] columns, IRowBlock block)
    {
        (_input, _mapper, _columns, _block) = (input, mapper, columns, block);
        _active = new bool[mapper.OutputSchema.Count];
        _buffered = new BufferedColumn?[mapper.InputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            _active[column.Index] = true;
            if (column.Index < _buffered.Length)
                _buffered[column.Index] = BufferedColumn.Open(input, input.Schema[column.Index]);
        }
        _added = block.CreateGetters(Current);
        _id = input.GetIdGetter();
    }

    public override long Position => _isDirect ? _input.Position : _at >= 0 && _at < _rows.Count ? _rows[_at].Position : -1;

    public override long Batch => _isDirect ? _input.Batch : _at >= 0 && _at < _rows.Count ? _rows[_at].Batch : 0;

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        if (_isDirect)
            _id(ref id);
        else
            id = _rows[Current()].Id;
    };

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.RequireActive(this, column);
        int own = column.Index - _buffered.Length;
        ValueGetter<TValue> read = Getters.As<TValue>(own < 0 ? _buffered[column.Index]!.CreateGetter(Current) : _added[own], column);
        ValueGetter<TValue>? direct = null;
        return (ref TValue value) =>
        {
            if (_isDirect)
                (direct ??= Direct.GetGetter<TValue>(column))(ref value);
            else
                read(ref value);
        };
    }

    public override bool MoveNext()
    {
        _isDirect = false;
        if (++_at < _rows.Count)
            return true;
        if (!_cannotReadAhead && _fault is null && !_isAtEnd)
        {
            ReadAhead();
            _at = 0;
            if (_rows.Count > 0)
                return true;
        }
        _rows.Clear();
        _fault?.Throw();
        _isDirect = _cannotReadAhead;
        _cannotReadAhead = false;
        return _isDirect;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
    }

    private ExtendedRow Direct => _direct ??= _mapper.Extend(_input, _columns);

    private int Current() => _at >= 0 && _at < _rows.Count ? _at : throw new InvalidOperationException("The cursor is at no row; expected MoveNext to have returned true.");

    private void ReadAhead()
    {
        _block.Clear();
        _rows.Clear();
        while (_rows.Count < _rowsAhead && !_block.IsFull && TryMove())
        {
            if (!TryTake())
            {
                _cannotReadAhead = true;
                break;
            }
        }
        _rowsAhead = Math.Min(2 * _rowsAhead, int.MaxValue / 4);
        if (_rows.Count > 0)
            _block.Compute();
    }

    private bool TryMove()
    {
        try
        {
            _isAtEnd = !_input.MoveNext();
        }
        // Whoever cancels does not want the rows before either.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _fault = ExceptionDispatchInfo.Capture(e);
        }
        return !_isAtEnd && _fault is null;
    }

    private bool TryTake()
    {
        try
        {
            DataViewRowId id = default;
            _id(ref id);
            foreach (BufferedColumn? column in _buffered)
                column?.Read(_rows.Count);
            _block.Add();
            _rows.Add((_input.Position, _input.Batch, id));
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return false;
        }
    }
}
