using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.Lstm;

public sealed partial class LstmAnomalyDetector
{
    /// <summary>Options of <see cref="LstmAnomalyDetector"/>.</summary>
    public sealed class Options
    {
        /// <summary>The column of scores. Default: <c>"Anomaly"</c>.</summary>
        public string OutputColumnName { get; set; } = "Anomaly";

        /// <summary>Share of ordinary rows that raise no alert. Range: (0, 1). Default: 0.999, a false alarm in a thousand rows.</summary>
        public double ConfidenceLevel { get; set; } = 0.999;

        /// <summary>
        /// The forecaster that says what is expected: columns, window, network, training. It has one input column and a horizon of 1; its own output columns are not added. Default: that of
        /// <see cref="LstmForecaster.Options"/>, with the absolute error as loss, which a few anomalies among the training rows move little, and a fifth of each series held out.
        /// </summary>
        [NestOption]
        public LstmForecaster.Options Forecaster { get; set; } = new() { Loss = new LossSpec { Kind = LossKind.MeanAbsoluteError }, ValidationFraction = 0.2 };
    }
}
