namespace Microsoft.ML.Lstm.Reporting;

/// <summary>What a report of a forecaster shows.</summary>
public sealed class ForecastReportOptions
{
    /// <summary>What it is called. Null: the names of the columns forecast. Default: null.</summary>
    public string? Title { get; set; }

    /// <summary>What the forecaster was trained on: the linear regression that it is compared with learns from it. Null: that comparison is left out. Default: null.</summary>
    public IDataView? TrainData { get; set; }

    /// <summary>
    /// A backtest of forecasters of the same options: errors and residuals are then its own, in the unit of the series, and the forecaster itself may have been trained on all rows.
    /// Null: they are measured on the rows of the report, which it was not trained on. Default: null.
    /// </summary>
    public BacktestResult? Backtest { get; set; }

    /// <summary>Series that are drawn at most; all are counted. Range: 1 or more. Default: 6.</summary>
    public int MaximumCharts { get; set; } = 6;

    /// <summary>Windows at most that errors and importance are measured on; of more, evenly spread ones are taken. Range: 2 or more. Default: 256.</summary>
    public int MaximumWindows { get; set; } = 256;
}
