namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>All series of a data view, and where each row of the view stands in them.</summary>
/// <param name="Series">The series, in the order in which they appear.</param>
/// <param name="RowSeries">Series of each row of the view.</param>
/// <param name="RowPlaces">Row of its series that each row of the view is.</param>
/// <param name="Step">From one row of a series to the next; null without a time column.</param>
internal sealed record SeriesTable(IReadOnlyList<SeriesData> Series, int[] RowSeries, int[] RowPlaces, TimeStep? Step);
