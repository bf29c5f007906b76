using Microsoft.ML.Lstm.Columns;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>How long sequences of keys are.</summary>
internal static class SequenceLengths
{
    /// <summary>Steps of each row.</summary>
    public static IReadOnlyCollection<int> Of(IDataView rows, string column)
    {
        var lengths = new List<int>();
        using DataViewRowCursor cursor = rows.GetRowCursor([rows.Schema[column]]);
        ITokenReader reader = TokenReader.Open(cursor, rows.Schema[column]);
        while (cursor.MoveNext())
            lengths.Add(reader.Read().Length);
        return lengths;
    }
}
