namespace Microsoft.ML.Lstm;

/// <summary>What a forecaster that is saved as ONNX forecasts, where that is not what it was trained for.</summary>
public sealed record ForecastOnnxOptions
{
    /// <summary>
    /// Rows ahead. What is known of the future is still read for the trained horizon. A graph does not feed forecasts back, so more rows
    /// than
    /// that it does not give, trained with a variable horizon or not: whoever wants them gives forecasts as history.
    /// Range: 1 to <see cref="ForecastModel.Horizon"/>. Null: that. Default: null.
    /// </summary>
    public int? Horizon { get; init; }

    /// <summary>The level of the intervals, in (0, 1), calibrated on the same held-out windows. Null: that of training. Default:
    /// null.</summary>
    public double? ConfidenceLevel { get; init; }
}
