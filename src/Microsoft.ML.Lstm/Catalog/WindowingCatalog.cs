using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Windowing;

namespace Microsoft.ML;

/// <summary>Transforms of series, in <c>mlContext.Transforms</c>.</summary>
public static class WindowingCatalog
{
    /// <summary>
    /// Creates an estimator that slides a window over series: a row for each <paramref name="stride"/>-th position with a column of the last
    /// <paramref name="windowLength"/> values, and one of the next <paramref name="horizon"/>. Incomplete windows are dropped. Where the inputs are
    /// vectors of <paramref name="windowLength"/> values rather than scalars, they are passed on as the window.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Name of the column of windows: <c>Vector&lt;Single, windowLength, number of inputs&gt;</c>.</param>
    /// <param name="inputColumnNames">The series, all <c>Single</c>: the numbers of a step, in this order. Rows are in the order of time.</param>
    /// <param name="windowLength">Steps per window, 1 or more.</param>
    /// <param name="horizon">Values after the window that make the label; 0: no label.</param>
    /// <param name="labelColumnName">Name of the column of labels: <c>Single</c> for a horizon of 1, else <c>Vector&lt;Single, horizon&gt;</c>. Null exactly when <paramref name="horizon"/> is 0.</param>
    /// <param name="stride">Rows from one window to the next, 1 or more.</param>
    /// <param name="groupColumnName">A column whose values tell several series apart (text, a key, Boolean or a whole number), which may be interleaved; no window crosses them. Null: all rows are one series.</param>
    /// <param name="labelInputColumnName">The series that the label is of; null: the first input.</param>
    /// <remarks>All other columns stay, with what they hold in the window's last row.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code><![CDATA[
    /// // The last 24 hours of two sensors predict the next 6 of the first, for each machine on its own.
    /// var windows = ml.Transforms.WindowSequence(
    ///     "Window", ["Temperature", "Load"], windowLength: 24, horizon: 6, labelColumnName: "Next", groupColumnName: "Machine");
    /// IDataView examples = windows.Fit(data).Transform(data);
    /// ]]></code>
    /// </example>
    public static WindowSequenceEstimator WindowSequence(
        this TransformsCatalog catalog,
        string outputColumnName,
        string[] inputColumnNames,
        int windowLength,
        int horizon = 0,
        string? labelColumnName = null,
        int stride = 1,
        string? groupColumnName = null,
        string? labelInputColumnName = null) =>
        new(catalog.GetEnvironment(), new WindowSettings
        {
            OutputColumnName = outputColumnName,
            InputColumnNames = inputColumnNames is null ? [] : [.. inputColumnNames],
            WindowLength = windowLength,
            Horizon = horizon,
            LabelColumnName = labelColumnName,
            LabelInputColumnName = labelInputColumnName,
            Stride = stride,
            GroupColumnName = groupColumnName,
        });
}
