namespace Microsoft.ML.Lstm.Rows;

/// <summary>How many rows data has.</summary>
internal static class RowCount
{
    /// <summary>The number of rows; data that does not know it is read once, without any column.</summary>
    public static long Of(IDataView data)
    {
        if (data.GetRowCount() is { } known)
            return known;
        using DataViewRowCursor cursor = data.GetRowCursor([]);
        long rows = 0;
        while (cursor.MoveNext())
            rows++;
        return rows;
    }
}
