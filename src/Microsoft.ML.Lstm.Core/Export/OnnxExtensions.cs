using Microsoft.ML.Lstm.Export;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm;

/// <summary>Saves models as ONNX, so that they score wherever ONNX Runtime or another of its readers runs.</summary>
/// <remarks>
/// Everything that a model does is inside the graph: normalisation of windows, scaling, the network, and back to the labels' unit, to
/// probabilities, to the names of classes. Predictions agree with the model's own within 1e-5, relative to the largest value. A sequence
/// that holds NaN or an infinity gives NaN and no label. Batch and steps are free to choose at every call. Opset 12; nothing but standard
/// operators.
/// <list type="table">
/// <listheader><term>input</term><description>of a recurrent model</description></listheader>
/// <item><term><c>features</c></term><description>float [batch, steps, features], if it reads numbers.</description></item>
/// <item><term><c>tokens</c></term><description>int64 [batch, steps], if it reads tokens: the keys' numbers, 0 the missing
/// one.</description></item>
/// <item><term><c>sequence_lens</c></term><description>int32 [batch]; see <see cref="OnnxOptions.VariableLengths"/>.</description></item>
/// <item><term><c>initial_h_l0</c> …</term><description>float [1, batch, units], optional; see
/// <see cref="OnnxOptions.WithState"/>.</description></item>
/// </list>
/// <list type="table">
/// <listheader><term>output</term><description>of a model of</description></listheader>
/// <item><term><c>score</c></term><description>regression: float [batch, values], or [batch, steps, values] where each step has them; of a
/// binary classifier the log-odds, [batch, 1].</description></item>
/// <item><term><c>probability</c>, <c>label</c></term><description>binary classification: float and bool [batch, 1].</description></item>
/// <item><term><c>probabilities</c></term><description>classes, tags, tokens: float [batch, classes]; tags [batch, steps,
/// classes].</description></item>
/// <item><term><c>label</c></term><description>the name of the class, tag or next token: string [batch], tags [batch, steps]; empty where
/// there is none.</description></item>
/// <item><term><c>class</c></term><description>its number from 0: int64, of <c>label</c>'s shape; −1 where there is
/// none.</description></item>
/// </list>
/// </remarks>
public static class OnnxExtensions
{
    /// <summary>Saves a model as an .onnx file, which is there whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="IOException">The disk is full, the folder missing, or the path a folder.</exception>
    /// <exception cref="NotSupportedException">The file would be longer than 2 GiB, the most that ONNX allows.</exception>
    /// <example>
    /// <code>
    /// RecurrentModel.Load("model.zip").SaveOnnx("model.onnx");
    /// </code>
    /// </example>
    public static void SaveOnnx(this RecurrentModel model, string path) => SaveOnnx(model, path, new OnnxOptions());

    /// <inheritdoc cref="SaveOnnx(RecurrentModel, string)" path="/*[not(self::param)]"/>
    /// <param name="model">The model.</param>
    /// <param name="path">Where to.</param>
    /// <param name="options">Whether lengths vary, and whether the state goes in and out.</param>
    /// <exception cref="InvalidOperationException">The model cannot continue from a state: it reads backwards too, or normalises each
    /// window as a whole.</exception>
    /// <example>
    /// <code>
    /// RecurrentModel model = RecurrentModel.Load("model.zip");
    /// model.SaveOnnx("model.onnx", new OnnxOptions { VariableLengths = true });
    /// </code>
    /// </example>
    public static void SaveOnnx(this RecurrentModel model, string path, OnnxOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxFile file = File(model, options);
        AtomicFile.Write(path, file.Write);
    }

    /// <summary>Saves a model as ONNX to a stream.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">Where to; it need not seek, and stays open.</param>
    public static void SaveOnnx(this RecurrentModel model, Stream stream) => SaveOnnx(model, stream, new OnnxOptions());

    /// <inheritdoc cref="SaveOnnx(RecurrentModel, Stream)" path="/*[not(self::param)]"/>
    /// <param name="model">The model.</param>
    /// <param name="stream">Where to; it need not seek, and stays open.</param>
    /// <param name="options">Whether lengths vary, and whether the state goes in and out.</param>
    public static void SaveOnnx(this RecurrentModel model, Stream stream, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        File(model, options).Write(stream);
    }

    /// <summary>Saves a forecaster as an .onnx file, which is there whole or not at all.</summary>
    /// <remarks>
    /// A batch is of windows of whole series, each ending where its forecast begins. Longer ones than
    /// <see cref="ForecastModel.WindowLength"/> are cut. Missing values are NaN and treated as in training; covariates are as the columns
    /// have them, keys as one value for each of theirs.
    /// <list type="table">
    /// <listheader><term>input</term><description>if the forecaster reads it</description></listheader>
    /// <item><term><c>history</c></term><description>float [batch, rows, targets].</description></item>
    /// <item><term><c>past</c></term><description>float [batch, rows, values]: covariates known of the past alone.</description></item>
    /// <item><term><c>future</c></term><description>float [batch, rows + horizon, values]: covariates known of the future
    /// too.</description></item>
    /// <item><term><c>time</c></term><description>int64 [batch, rows + horizon]: seconds since 1970-01-01 on the clock of the time column,
    /// if it reads the calendar.</description></item>
    /// <item><term><c>static</c></term><description>float [batch, values]: covariates that stay the same.</description></item>
    /// <item><term><c>series</c></term><description>string [batch]: names of series, if it was trained on several; any other text is a
    /// series not seen.</description></item>
    /// </list>
    /// <list type="table">
    /// <listheader><term>output</term><description>in the series' own unit</description></listheader>
    /// <item><term><c>forecast</c></term><description>float [batch, horizon, targets]; NaN where a window has no known
    /// value.</description></item>
    /// <item><term><c>lower_bound</c>, <c>upper_bound</c></term><description>float [batch, horizon, targets], if it gives
    /// intervals.</description></item>
    /// </list>
    /// </remarks>
    /// <param name="model">The forecaster.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="IOException">The disk is full, the folder missing, or the path a folder.</exception>
    /// <exception cref="NotSupportedException">The file would be longer than 2 GiB, the most that ONNX allows.</exception>
    /// <example>
    /// <code>
    /// ForecastModel.Load("forecaster.zip").SaveOnnx("forecaster.onnx");
    /// </code>
    /// </example>
    public static void SaveOnnx(this ForecastModel model, string path) => SaveOnnx(model, path, new ForecastOnnxOptions());

    /// <inheritdoc cref="SaveOnnx(ForecastModel, string)" path="/*[not(self::param)]"/>
    /// <param name="model">The forecaster.</param>
    /// <param name="path">Where to.</param>
    /// <param name="options">A shorter horizon than that of training, another level of the intervals.</param>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is beyond that of training, or the level not between 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">A level is given, and the forecaster has no intervals, or those of its own level
    /// alone.</exception>
    /// <example>
    /// <code>
    /// ForecastModel.Load("forecaster.zip").SaveOnnx("tomorrow.onnx", new ForecastOnnxOptions { Horizon = 24, ConfidenceLevel = 0.8 });
    /// </code>
    /// </example>
    public static void SaveOnnx(this ForecastModel model, string path, ForecastOnnxOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxFile file = File(model, options);
        AtomicFile.Write(path, file.Write);
    }

    /// <summary>Saves a forecaster as ONNX to a stream; see <see cref="SaveOnnx(ForecastModel, string)"/>.</summary>
    /// <param name="model">The forecaster.</param>
    /// <param name="stream">Where to; it need not seek, and stays open.</param>
    public static void SaveOnnx(this ForecastModel model, Stream stream) => SaveOnnx(model, stream, new ForecastOnnxOptions());

    /// <inheritdoc cref="SaveOnnx(ForecastModel, Stream)" path="/*[not(self::param)]"/>
    /// <param name="model">The forecaster.</param>
    /// <param name="stream">Where to; it need not seek, and stays open.</param>
    /// <param name="options">A shorter horizon than that of training, another level of the intervals.</param>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is beyond that of training, or the level not between 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">A level is given, and the forecaster has no intervals, or those of its own level
    /// alone.</exception>
    public static void SaveOnnx(this ForecastModel model, Stream stream, ForecastOnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        File(model, options).Write(stream);
    }

    private static OnnxFile File(ForecastModel model, ForecastOnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return ForecastModelOnnx.Create(model, options);
    }

    private static OnnxFile File(RecurrentModel model, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return RecurrentModelOnnx.Create(model, options);
    }
}
