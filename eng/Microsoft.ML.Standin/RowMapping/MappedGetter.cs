namespace Microsoft.ML.Data;

/// <summary>Getters that apply a function to every value of a scalar or vector column.</summary>
internal static class MappedGetter
{
    public static Delegate Create<TSrc, TDst>(DataViewRow input, DataViewSchema.Column source, Func<TSrc, TDst> map) =>
        source.Type is VectorDataViewType ? CreateVector(input, source, map) : CreateScalar(input, source, map);

    /// <summary>The function also gets the slot: 0 for a scalar.</summary>
    public static Delegate CreateBySlot<T>(DataViewRow input, DataViewSchema.Column source, Func<T, int, T> map)
    {
        if (source.Type is not VectorDataViewType)
            return CreateScalar<T, T>(input, source, v => map(v, 0));
        ValueGetter<VBuffer<T>> get = input.GetGetter<VBuffer<T>>(input.Schema[source.Index]);
        VBuffer<T> value = default;
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) =>
        {
            get(ref value);
            VBufferEditor<T> editor = VBufferEditor.Create(ref destination, value.Length);
            value.CopyTo(editor.Values);
            for (int i = 0; i < value.Length; i++)
                editor.Values[i] = map(editor.Values[i], i);
            destination = editor.Commit();
        });
    }

    private static ValueGetter<TDst> CreateScalar<TSrc, TDst>(DataViewRow input, DataViewSchema.Column source, Func<TSrc, TDst> map)
    {
        ValueGetter<TSrc> get = input.GetGetter<TSrc>(input.Schema[source.Index]);
        TSrc value = default;
        return (ref TDst destination) =>
        {
            get(ref value);
            destination = map(value);
        };
    }

    private static ValueGetter<VBuffer<TDst>> CreateVector<TSrc, TDst>(
        DataViewRow input, DataViewSchema.Column source, Func<TSrc, TDst> map)
    {
        ValueGetter<VBuffer<TSrc>> get = input.GetGetter<VBuffer<TSrc>>(input.Schema[source.Index]);
        VBuffer<TSrc> value = default;
        return (ref VBuffer<TDst> destination) =>
        {
            get(ref value);
            MapVector(value, ref destination, map);
        };
    }

    private static void MapVector<TSrc, TDst>(in VBuffer<TSrc> source, ref VBuffer<TDst> destination, Func<TSrc, TDst> map)
    {
        ReadOnlySpan<TSrc> values = source.GetValues();
        TDst mappedDefault = source.IsDense ? default : map(default);
        if (source.IsDense || IsDefault(mappedDefault))
        {
            VBufferEditor<TDst> editor = VBufferEditor.Create(ref destination, source.Length, values.Length);
            for (int i = 0; i < values.Length; i++)
                editor.Values[i] = map(values[i]);
            source.GetIndices().CopyTo(editor.Indices);
            destination = editor.Commit();
            return;
        }
        VBufferEditor<TDst> dense = VBufferEditor.Create(ref destination, source.Length);
        dense.Values.Fill(mappedDefault);
        ReadOnlySpan<int> indices = source.GetIndices();
        for (int i = 0; i < values.Length; i++)
            dense.Values[indices[i]] = map(values[i]);
        destination = dense.Commit();
    }

    // Two empty texts over different strings are not equal, but both are the default.
    private static bool IsDefault<T>(T value) =>
        value is ReadOnlyMemory<char> text ? text.IsEmpty : EqualityComparer<T>.Default.Equals(value, default);
}
