using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>The values of one column in some rows, in buffers that are reused.</summary>
internal abstract class BufferedColumn
{
    private static readonly MethodInfo s_open = typeof(BufferedColumn).GetMethod(nameof(OpenAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Whether values of a type may be copied and kept: not those that someone must dispose of, nor those of unknown types.</summary>
    public static bool CanBuffer(DataViewType type) => type is VectorDataViewType vector ? CanBuffer(vector.ItemType) : type is PrimitiveDataViewType;

    /// <summary>Opens a column of a row.</summary>
    public static BufferedColumn Open(DataViewRow row, DataViewSchema.Column column) =>
        (BufferedColumn)s_open.MakeGenericMethod(column.Type is VectorDataViewType vector ? [vector.ItemType.RawType] : [column.Type.RawType]).Invoke(null, [row, column])!;

    /// <summary>Reads the value of the row that the input is at.</summary>
    /// <param name="place">Where it is kept.</param>
    public abstract void Read(int place);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of what was read.</summary>
    /// <param name="place">The place that it is to read.</param>
    public abstract Delegate CreateGetter(Func<int> place);

    private static BufferedColumn OpenAs<T>(DataViewRow row, DataViewSchema.Column column) => column.Type is VectorDataViewType
        ? new Buffered<VBuffer<T>>(row.GetGetter<VBuffer<T>>(column), (in VBuffer<T> from, ref VBuffer<T> to) => from.CopyTo(ref to))
        : new Buffered<T>(row.GetGetter<T>(column), (in T from, ref T to) => to = from);

    private delegate void Copying<T>(in T from, ref T to);

    private sealed class Buffered<T>(ValueGetter<T> getter, Copying<T> copy) : BufferedColumn
    {
        private T[] _values = [];

        public override void Read(int place)
        {
            if (place >= _values.Length)
                Array.Resize(ref _values, Math.Max(place + 1, 2 * _values.Length));
            getter(ref _values[place]);
        }

        public override Delegate CreateGetter(Func<int> place) => (ValueGetter<T>)((ref T value) => copy(in _values[place()], ref value));
    }
}
