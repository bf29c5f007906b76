using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Windowing;

namespace Microsoft.ML;

/// <summary>Transforms of series, in <c>mlContext.Transforms</c>.</summary>
public static class WindowingCatalog
{
    /// <summary>
    /// Creates an estimator that slides a window over series: a row for each <paramref name="stride"/>-th position with a column of the last
    /// <paramref name="windowLength"/> steps, and one of the next <paramref name="horizon"/>. Incomplete windows are dropped, and what was dropped is
    /// said on the channel. A fitted window that is given vectors of <paramref name="windowLength"/> steps passes them on as the window: so does a
    /// <c>PredictionEngine</c>.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Name of the column of windows: <c>Vector&lt;Single, windowLength, F&gt;</c>, F the values per step.</param>
    /// <param name="inputColumnNames">
    /// The series: <c>Single</c> gives a step one value, a <c>Vector&lt;Single, k&gt;</c> (of <c>OneHotEncoding</c>, <c>Concatenate</c>,
    /// <c>MapKeyToVector</c>) k values; the values of a step are in this order, and slot names say which is which. Rows are in the order of time.
    /// </param>
    /// <param name="windowLength">Steps per window, 1 or more.</param>
    /// <param name="horizon">Steps after the window that make the label; 0: no label.</param>
    /// <param name="labelColumnName">
    /// Name of the column of labels: <c>Single</c> for one value, <c>Vector&lt;Single, horizon&gt;</c> for one series, else
    /// <c>Vector&lt;Single, horizon, series&gt;</c>. Null exactly when <paramref name="horizon"/> is 0.
    /// </param>
    /// <param name="stride">Rows from one window to the next, 1 or more.</param>
    /// <param name="groupColumnName">A column whose values tell several series apart (text, a key, Boolean or a whole number), which may be interleaved; no window crosses them. Null: all rows are one series.</param>
    /// <param name="labelInputColumnName">The series that the label is of; null: the first input.</param>
    /// <param name="timeColumnName">
    /// A column that says when a row is from. Times out of order or twice within a series are an error, and no window goes across a hole. Null: rows
    /// are taken to follow each other.
    /// </param>
    /// <param name="timeStep">
    /// The time from one row of a series to its next; null: the most common one, found in <c>Fit</c>. A row that comes more than half a step late makes a
    /// hole: days of 23 or 25 hours and months of 28 to 31 days do not. A time column of numbers is only for null.
    /// </param>
    /// <param name="allowHoles">Whether windows may go across holes, such as holidays in a series of trading days: only the order of times is checked. Default: false.</param>
    /// <param name="missingValues">What is done with windows in which a value is NaN or infinite. Default: they are an error that names column and row.</param>
    /// <param name="labelInputColumnNames">Several series that the label is of, instead of <paramref name="labelInputColumnName"/>: one model forecasts them all.</param>
    /// <param name="wholeWindows">
    /// Whether the vectors that the estimator is fitted on are whole windows rather than the values of a step. Null: they are not, unless their size
    /// varies; an error without a label where a vector has <paramref name="windowLength"/> values, since it could be either.
    /// </param>
    /// <remarks>
    /// <para>All other columns stay, with what they hold in the window's last row.</para>
    /// <para>Windows need the order of rows. <c>TrainTestSplit</c>, <c>ShuffleRows</c> or a filter before them makes windows of rows that are no
    /// neighbours; after them, windows that overlap land on both sides, as in ML.NET's <c>CrossValidate</c>, and the metrics are far too good.
    /// Both are warned of where ML.NET's views tell. Split by <c>Data.ChronologicalSplit</c> or <c>Data.RollingOriginSplit</c> before windows are cut.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code><![CDATA[
    /// // The last 24 hours of two sensors predict the next 6 of the first, for each machine on its own.
    /// var windows = ml.Transforms.WindowSequence(
    ///     "Window", ["Temperature", "Load"], windowLength: 24, horizon: 6, labelColumnName: "Next", groupColumnName: "Machine",
    ///     timeColumnName: "Time", timeStep: TimeStep.Of(TimeSpan.FromHours(1)), missingValues: MissingInWindow.Skip);
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
        string? labelInputColumnName = null,
        string? timeColumnName = null,
        TimeStep? timeStep = null,
        bool allowHoles = false,
        MissingInWindow missingValues = MissingInWindow.Refuse,
        string[]? labelInputColumnNames = null,
        bool? wholeWindows = null)
    {
        Guard.RequireArgument(labelInputColumnName is null || labelInputColumnNames is null, nameof(labelInputColumnName), labelInputColumnName,
            "null, since labelInputColumnNames is given");
        Guard.RequireArgument(!allowHoles || timeColumnName is not null, nameof(allowHoles), "true", "false, since timeColumnName is null");
        Guard.RequireArgument(!allowHoles || timeStep is null, nameof(timeStep), timeStep, "null, since allowHoles is true");
        return new(catalog.GetEnvironment(), new WindowSettings
        {
            OutputColumnName = outputColumnName,
            InputColumnNames = inputColumnNames is null ? [] : [.. inputColumnNames],
            WindowLength = windowLength,
            Horizon = horizon,
            LabelColumnName = labelColumnName,
            LabelInputColumnNames = labelInputColumnName is not null ? [labelInputColumnName] : [.. labelInputColumnNames ?? []],
            Stride = stride,
            GroupColumnName = groupColumnName,
            TimeColumnName = timeColumnName,
            Spacing = allowHoles ? RowSpacing.Any : timeStep is { } step ? RowSpacing.Of(step) : null,
            MissingValues = missingValues,
            WholeWindows = wholeWindows,
        });
    }
}
