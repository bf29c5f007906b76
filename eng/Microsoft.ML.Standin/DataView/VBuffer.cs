using System.Collections;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A vector value: dense, or sparse with ascending indices of its explicit values.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
        : this(length, Math.Max(length, 0), values, indices)
    {
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam(0 <= count && count <= length, nameof(count));
        Contracts.CheckParam((values?.Length ?? 0) >= count, nameof(values));
        Contracts.CheckParam(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Contracts.CheckParam(0 <= sourceIndex && sourceIndex <= Length, nameof(sourceIndex));
        Contracts.CheckParam(0 <= length && sourceIndex <= Length - length, nameof(length));
        int first = IsDense ? sourceIndex : FindSlot(sourceIndex);
        int count = IsDense ? length : FindSlot(sourceIndex + length) - first;
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length, count);
        GetValues().Slice(first, count).CopyTo(editor.Values);
        for (int i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        Contracts.CheckParam(0 <= destinationIndex && destinationIndex <= destination.Length - Length,
            nameof(destination), "Not large enough to hold these values.");
        Span<T> target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (int i = 0; i < _count; i++)
            target[_indices[i]] = _values[i];
    }

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        int size = source?.Length ?? 0;
        Contracts.CheckParam(0 <= length && length <= size, nameof(length));
        Contracts.CheckParam(0 <= sourceIndex && sourceIndex <= size - length, nameof(sourceIndex));
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        VBuffer<T> buffer = this;
        return all || IsDense
            ? Enumerable.Range(0, Length).Select(i => KeyValuePair.Create(i, buffer.GetItemOrDefault(i)))
            : Enumerable.Range(0, _count).Select(i => KeyValuePair.Create(buffer._indices[i], buffer._values[i]));
    }

    public IEnumerable<T> DenseValues()
    {
        VBuffer<T> buffer = this;
        return Enumerable.Range(0, Length).Select(i => buffer.GetItemOrDefault(i));
    }

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        Contracts.CheckParam(0 <= index && index < Length, nameof(index));
        if (IsDense)
            return _values[index];
        int slot = _count == 0 ? -1 : Array.BinarySearch(_indices, 0, _count, index);
        return slot >= 0 ? _values[slot] : default;
    }

    public IEnumerator GetEnumerator() => (_values ?? []).GetEnumerator();

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    internal VBufferEditor<T> GetEditor(int length, int? valuesCount, int? maxCapacity, bool keepOldOnResize, bool requireIndicesOnDense)
    {
        int count = valuesCount ?? length;
        Contracts.CheckParam(length >= 0, nameof(length), "Must be non-negative.");
        // The text is made only when it is needed: every vector of every row passes here.
        if (count < 0 || count > length)
            throw Contracts.ExceptParam(nameof(valuesCount), $"Must be 0 to {length}, but got {count}.");
        T[] values = _values;
        int[] indices = _indices;
        bool newValues = EnsureSize(ref values, count, maxCapacity ?? Array.MaxLength, keepOldOnResize);
        bool newIndices = (requireIndicesOnDense || count < length)
            && EnsureSize(ref indices, count, maxCapacity ?? Array.MaxLength, keepOldOnResize);
        return new VBufferEditor<T>(length, count, values, indices, requireIndicesOnDense, newValues, newIndices);
    }

    internal VBufferEditor<T> GetEditor() => GetEditor(Length, _count, null, false, false);

    private static bool EnsureSize<TItem>(ref TItem[] array, int size, int max, bool keepOld)
    {
        if (array is not null && array.Length >= size)
            return false;
        // Growing by doubling is for buffers that keep what they hold; the others are filled whole.
        int capacity = array is null || !keepOld ? size : (int)Math.Min(max, Math.Max(size, 2L * array.Length));
        if (keepOld)
            Array.Resize(ref array, capacity);
        else
            array = new TItem[capacity];
        return true;
    }

    private int FindSlot(int index)
    {
        int slot = _count == 0 ? 0 : Array.BinarySearch(_indices, 0, _count, index);
        return slot >= 0 ? slot : ~slot;
    }
}
