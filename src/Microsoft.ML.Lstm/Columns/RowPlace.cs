namespace Microsoft.ML.Lstm.Columns;

/// <summary>Which row a message is about.</summary>
internal static class RowPlace
{
    /// <summary>The row's number in its view, counted from 0; a row that was given by itself, as to a <c>PredictionEngine</c>, has none.</summary>
    public static string Of(DataViewRow row) => row is DataViewRowCursor ? Invariant($"row {row.Position}") : "the row given";
}
