using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// The keys that a column may hold: 1 to its count, and 0 for the missing key. ML.NET does not check what fills a column of vectors, such as an array with
/// <c>[KeyType(3)]</c>.
/// </summary>
/// <typeparam name="T">The keys' type.</typeparam>
internal readonly struct KeyRange<T>(DataViewRow row, DataViewSchema.Column column)
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly ulong _count = ((KeyDataViewType)((column.Type as VectorDataViewType)?.ItemType ?? column.Type)).Count;

    /// <summary>A key as the number that it is.</summary>
    /// <exception cref="InvalidOperationException">It is beyond the column's count; names column, row, key and count.</exception>
    public int Checked(T key) => ulong.CreateTruncating(key) <= _count
        ? int.CreateTruncating(key)
        : throw new InvalidOperationException(Invariant(
            $"Column '{column.Name}' has the key {key} in {RowPlace.Of(row)}; expected 1 to {_count}, the count of its keys, or 0 for a missing one."));
}
