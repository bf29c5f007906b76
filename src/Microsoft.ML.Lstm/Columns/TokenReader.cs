using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// Reads keys as tokens: key k is token k, and the missing key, which is what <c>MapValueToKey</c> makes of a word it has not seen, is token 0.
/// </summary>
internal sealed class TokenReader<T>(DataViewRow row, DataViewSchema.Column column) : ITokenReader
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
    private readonly KeyRange<T> _range = new(row, column);
    private VBuffer<T> _values;
    private int[] _tokens = [];

    public ReadOnlySpan<int> Read()
    {
        ScratchLimit.Apply(ref _values);
        ScratchLimit.Apply(ref _tokens);
        _getter(ref _values);
        if (_tokens.Length < _values.Length)
            _tokens = new int[Math.Max(_values.Length, 2 * _tokens.Length)];
        Span<int> tokens = _tokens.AsSpan(0, _values.Length);
        ReadOnlySpan<T> keys = _values.GetValues();
        ReadOnlySpan<int> places = _values.GetIndices();
        if (!_values.IsDense)
            tokens.Clear();
        for (int i = 0; i < keys.Length; i++)
            tokens[_values.IsDense ? i : places[i]] = _range.Checked(keys[i]);
        return tokens;
    }
}

/// <summary>Opens a <see cref="TokenReader{T}"/> of the column's own key type.</summary>
internal static class TokenReader
{
    public static ITokenReader Open(DataViewRow row, DataViewSchema.Column column)
    {
        Type key = ((VectorDataViewType)column.Type).ItemType.RawType;
        return key == typeof(byte) ? new TokenReader<byte>(row, column)
            : key == typeof(ushort) ? new TokenReader<ushort>(row, column)
            : key == typeof(uint) ? new TokenReader<uint>(row, column)
            : new TokenReader<ulong>(row, column);
    }
}
