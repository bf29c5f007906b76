using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>The texts in the current row of a scalar or vector column; of a vector only the explicit ones.</summary>
internal static class TextReader
{
    public static Func<IEnumerable<ReadOnlyMemory<char>>> Create(DataViewRow row, DataViewSchema.Column source)
    {
        DataViewSchema.Column column = row.Schema[source.Index];
        if (source.Type is not VectorDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> getOne = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> one = default;
            return () =>
            {
                getOne(ref one);
                return [one];
            };
        }
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getMany = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        VBuffer<ReadOnlyMemory<char>> many = default;
        return () =>
        {
            getMany(ref many);
            return many.GetValues().ToArray();
        };
    }
}
