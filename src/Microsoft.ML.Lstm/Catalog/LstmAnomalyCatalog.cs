using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML;

/// <summary>Finding anomalies in series by what a recurrent network forecasts, in <c>mlContext.Transforms</c>.</summary>
public static class LstmAnomalyCatalog
{
    /// <summary>Scores each row of one or many series by how unlikely it is after the rows before it.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">
    /// The column of scores: <c>Vector&lt;Double, 6&gt;</c> of alert (0 or 1), score (standard deviations from the forecast), p-value, expected value, lower and upper bound.
    /// </param>
    /// <param name="inputColumnName">The series: <c>Single</c>, one value in each row, in the order of time; NaN is a missing value.</param>
    /// <param name="windowSize">Rows of the past that a row is expected from; a season or two. Range: 1 to 100,000.</param>
    /// <param name="confidenceLevel">Share of ordinary rows that raise no alert. Range: (0, 1). Default: 0.999.</param>
    /// <param name="groupColumnName">Tells series apart: text, a key, a Boolean or a whole number. Null: all rows are one series.</param>
    /// <param name="timeColumnName">When a row is from, <c>DateTime</c> or <c>DateTimeOffset</c>: shows missing rows and gives the calendar. Null: rows are the steps.</param>
    /// <param name="numberOfEpochs">Passes over the data at most. Range: 1 or more. Default: 20.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var detector = ml.Transforms.DetectAnomalyByLstm("Anomaly", "Value", windowSize: 48).Fit(trainData);
    /// foreach (double[] row in detector.Transform(testData).GetColumn<double[]>("Anomaly"))
    ///     if (row[0] == 1)
    ///         Console.WriteLine($"{row[1]:F1} standard deviations from {row[3]:F1}, p = {row[2]:G2}");
    /// ]]></code>
    /// </example>
    public static LstmAnomalyDetector DetectAnomalyByLstm(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, int windowSize, double confidenceLevel = 0.999,
        string? groupColumnName = null, string? timeColumnName = null, int numberOfEpochs = 20)
    {
        var options = new LstmAnomalyDetector.Options { OutputColumnName = outputColumnName, ConfidenceLevel = confidenceLevel };
        options.Forecaster.InputColumnNames = [inputColumnName];
        options.Forecaster.WindowSize = windowSize;
        options.Forecaster.GroupColumnName = groupColumnName;
        options.Forecaster.TimeColumnName = timeColumnName;
        options.Forecaster.NumberOfEpochs = numberOfEpochs;
        return catalog.DetectAnomalyByLstm(options);
    }

    /// <summary>Scores each row of one or many series by how unlikely it is after the rows before it, with all options: covariates, calendar, gaps, network, training.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code>
    /// var detector = ml.Transforms.DetectAnomalyByLstm(new LstmAnomalyDetector.Options
    /// {
    ///     ConfidenceLevel = 0.9999,
    ///     Forecaster = new LstmForecaster.Options { InputColumnNames = ["Value"], TimeColumnName = "Date", WindowSize = 288, ValidationFraction = 0.3 },
    /// });
    /// </code>
    /// </example>
    public static LstmAnomalyDetector DetectAnomalyByLstm(this TransformsCatalog catalog, LstmAnomalyDetector.Options options) => new(catalog.GetEnvironment(), options);
}
