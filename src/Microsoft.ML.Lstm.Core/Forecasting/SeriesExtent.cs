namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>What every process knows of a series whose values perhaps only one has.</summary>
/// <param name="RowCount">Rows, those of the future included.</param>
/// <param name="KnownCount">Rows up to the last one that has a target.</param>
/// <param name="TimeCount">Rows that have a time: all or none.</param>
/// <param name="FirstTicks">The time of its first row; of no matter without times.</param>
/// <param name="LastTicks">The time of its last row.</param>
internal readonly record struct SeriesExtent(int RowCount, int KnownCount, int TimeCount, long FirstTicks, long LastTicks)
{
    public static SeriesExtent Of(SeriesData series) => new(
        series.RowCount, series.KnownCount, series.Times.Length, series.Times.FirstOrDefault().Ticks, series.Times.LastOrDefault().Ticks);
}
