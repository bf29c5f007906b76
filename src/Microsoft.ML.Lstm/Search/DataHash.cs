using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Search;

/// <summary>A hash of all values of data, which tells it from other data.</summary>
internal static class DataHash
{
    /// <summary>Of series.</summary>
    public static string Of(SeriesTable table)
    {
        var hash = new XxHash128();
        foreach (SeriesData series in table.Series)
        {
            Add(hash, series.Name);
            hash.Append(MemoryMarshal.AsBytes<DateTime>(series.Times));
            foreach (float[] values in series.Targets.Concat(series.Past).Concat(series.Future).Append(series.Statics))
                hash.Append(MemoryMarshal.AsBytes<float>(values));
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>Of a view: names of its columns, and the values of those of the types that trainers read.</summary>
    public static string Of(IDataView view)
    {
        var hash = new XxHash128();
        DataViewSchema.Column[] columns = [.. view.Schema.Where(column => !column.IsHidden)];
        foreach (DataViewSchema.Column column in columns)
            Add(hash, Invariant($"{column.Name}: {column.Type}"));
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        Action[] adders = [.. columns.Select(column => Adder(hash, cursor, column)).OfType<Action>()];
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
            foreach (Action add in adders)
                add();
        hash.Append(MemoryMarshal.AsBytes<long>([rows]));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static Action? Adder(XxHash128 hash, DataViewRow row, DataViewSchema.Column column)
    {
        bool isVector = column.Type is VectorDataViewType;
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return item.RawType switch
        {
            var type when type == typeof(float) => Values<float>(),
            var type when type == typeof(double) => Values<double>(),
            var type when type == typeof(bool) => Values<bool>(),
            var type when type == typeof(byte) => Values<byte>(),
            var type when type == typeof(ushort) => Values<ushort>(),
            var type when type == typeof(uint) => Values<uint>(),
            var type when type == typeof(ulong) => Values<ulong>(),
            var type when type == typeof(int) => Values<int>(),
            var type when type == typeof(long) => Values<long>(),
            var type when type == typeof(DateTime) => Values<DateTime>(),
            var type when type == typeof(ReadOnlyMemory<char>) => isVector ? Texts() : Text(),
            _ => null,
        };

        Action Values<T>()
            where T : unmanaged
        {
            if (!isVector)
            {
                ValueGetter<T> get = row.GetGetter<T>(column);
                return () =>
                {
                    T value = default;
                    get(ref value);
                    hash.Append(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref value, 1)));
                };
            }
            ValueGetter<VBuffer<T>> getAll = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> values = default;
            return () =>
            {
                getAll(ref values);
                hash.Append(MemoryMarshal.AsBytes<int>([values.Length]));
                hash.Append(MemoryMarshal.AsBytes<int>(values.GetIndices()));
                hash.Append(MemoryMarshal.AsBytes(values.GetValues()));
            };
        }

        Action Text()
        {
            ValueGetter<ReadOnlyMemory<char>> get = row.GetGetter<ReadOnlyMemory<char>>(column);
            return () =>
            {
                ReadOnlyMemory<char> text = default;
                get(ref text);
                Add(hash, text.ToString());
            };
        }

        Action Texts()
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
            VBuffer<ReadOnlyMemory<char>> texts = default;
            return () =>
            {
                get(ref texts);
                foreach (ReadOnlyMemory<char> text in texts.DenseValues())
                    Add(hash, text.ToString());
            };
        }
    }

    private static void Add(XxHash128 hash, string text) => hash.Append(Encoding.UTF8.GetBytes(text + "\n"));
}
