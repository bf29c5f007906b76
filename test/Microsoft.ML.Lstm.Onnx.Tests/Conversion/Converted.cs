using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Lstm.Onnx.Tests.Conversion;

/// <summary>A pipeline in ONNX Runtime beside itself in ML.NET.</summary>
internal static class Converted
{
    /// <summary>Asserts that the graph gives what the pipeline gives, for columns of numbers, keys, truth values and texts.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The fitted pipeline.</param>
    /// <param name="rows">Rows to score.</param>
    /// <param name="columns">The columns to compare.</param>
    public static void Check(MLContext ml, ITransformer model, Row[] rows, params string[] columns)
    {
        IDataView data = ml.Data.LoadFromEnumerable(rows), scored = model.Transform(data);
        // Of the opsets that ML.NET can write, the first, the second and its default, which is the last.
        foreach (int opset in (int[])[9, 10, 12])
        {
            using var session = new OnnxSession(stream => ml.Model.ConvertToOnnx(model, data, opset, stream));
            Dictionary<string, Array> found = session.Run([.. Inputs(rows)]);
            foreach (string column in columns)
                Compare(scored, column, found[column + ".output"]);
        }
    }

    private static IEnumerable<NamedOnnxValue> Inputs(Row[] rows)
    {
        int count = rows.Length;
        yield return OnnxSession.Input("Features", rows.SelectMany(row => row.Features).ToArray(), count, Row.Steps, 2);
        yield return OnnxSession.Input("Series", rows.SelectMany(row => row.Series).ToArray(), count, Row.Steps);
        yield return OnnxSession.Input("A", rows.Select(row => row.A).ToArray(), count, 1);
        yield return OnnxSession.Input("B", rows.Select(row => row.B).ToArray(), count, 1);
        yield return OnnxSession.Input("Next", rows.Select(row => row.Next).ToArray(), count, 1);
        yield return OnnxSession.Input("IsHigh", rows.Select(row => row.IsHigh).ToArray(), count, 1);
        yield return OnnxSession.Input("Kind", rows.Select(row => row.Kind).ToArray(), count, 1);
        yield return OnnxSession.Input("Words", rows.SelectMany(row => row.Words).ToArray(), count, Row.Steps);
        yield return OnnxSession.Input("Tags", rows.SelectMany(row => row.Tags).ToArray(), count, Row.Steps);
    }

    private static void Compare(IDataView scored, string column, Array found)
    {
        DataViewType type = scored.Schema[column].Type;
        switch (found)
        {
            case float[] values:
                Near.Equal(Read<float>(scored, column, type), values);
                break;
            case uint[] keys:
                Assert.Equal(Read<uint>(scored, column, type), keys);
                break;
            case bool[] truths:
                Assert.Equal(Read<bool>(scored, column, type), truths);
                break;
            default:
                Assert.Equal(Read<ReadOnlyMemory<char>>(scored, column, type).Select(text => text.ToString()), (string[])found);
                break;
        }
    }

    private static T[] Read<T>(IDataView data, string column, DataViewType type) => type is VectorDataViewType
        ? [.. data.GetColumn<VBuffer<T>>(data.Schema[column]).SelectMany(value => value.DenseValues())]
        : [.. data.GetColumn<T>(data.Schema[column])];
}
