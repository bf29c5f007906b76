namespace Microsoft.ML.Lstm;

/// <summary>Saves what trainers and the forecaster made as ONNX: the model of a transformer alone, without the pipeline around
/// it.</summary>
/// <remarks>
/// Inputs and outputs, with their names and shapes, are those of <see cref="OnnxExtensions"/>. A pipeline of which every step converts is
/// saved as a whole by <c>mlContext.Model.ConvertToOnnx</c> of the package Microsoft.ML.OnnxConverter; a transformer of ours that cannot be
/// converted within one says so.
/// </remarks>
public static class OnnxCatalog
{
    /// <summary>Saves a trained regression model, classifier or tagger as an .onnx file, which is there whole or not at all.</summary>
    /// <param name="transformer">What was trained.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="IOException">The disk is full, the folder missing, or the path a folder.</exception>
    /// <exception cref="NotSupportedException">The file would be longer than 2 GiB, the most that ONNX allows.</exception>
    /// <example>
    /// <code>
    /// var regressor = ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", featureColumnName: "Window").Fit(trainData);
    /// regressor.SaveOnnx("next.onnx");
    /// </code>
    /// </example>
    public static void SaveOnnx(this RecurrentTransformer transformer, string path) => ModelOf(transformer).SaveOnnx(path);

    /// <inheritdoc cref="SaveOnnx(RecurrentTransformer, string)" path="/*[not(self::param)]"/>
    /// <param name="transformer">What was trained.</param>
    /// <param name="path">Where to.</param>
    /// <param name="options">Whether lengths vary, and whether the state goes in and out.</param>
    /// <exception cref="InvalidOperationException">The model cannot continue from a state: it reads backwards too, or normalises each
    /// window as a whole.</exception>
    /// <example>
    /// <code>
    /// var regressor = ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", featureColumnName: "Window").Fit(trainData);
    /// regressor.SaveOnnx("next.onnx", new OnnxOptions { VariableLengths = true });
    /// </code>
    /// </example>
    public static void SaveOnnx(this RecurrentTransformer transformer, string path, OnnxOptions options) =>
        ModelOf(transformer).SaveOnnx(path, options);

    /// <summary>Saves a language model as an .onnx file, which is there whole or not at all; its tokens are those of
    /// <see cref="RecurrentModel.Tokenize"/>.</summary>
    /// <param name="transformer">What was trained.</param>
    /// <param name="path">Where to.</param>
    /// <example>
    /// <code>
    /// var language = ml.Transforms.Text.LstmLanguageModel("Characters").Fit(trainData);
    /// language.SaveOnnx("language.onnx");
    /// </code>
    /// </example>
    public static void SaveOnnx(this LstmLanguageModelTransformer transformer, string path) => ModelOf(transformer).SaveOnnx(path);

    /// <inheritdoc cref="SaveOnnx(LstmLanguageModelTransformer, string)" path="/*[not(self::param)]"/>
    /// <param name="transformer">What was trained.</param>
    /// <param name="path">Where to.</param>
    /// <param name="options">Whether lengths vary, and whether the state goes in and out, so that text can be written token by
    /// token.</param>
    /// <example>
    /// <code>
    /// var language = ml.Transforms.Text.LstmLanguageModel("Characters").Fit(trainData);
    /// language.SaveOnnx("language.onnx", new OnnxOptions { WithState = true });
    /// </code>
    /// </example>
    public static void SaveOnnx(this LstmLanguageModelTransformer transformer, string path, OnnxOptions options) =>
        ModelOf(transformer).SaveOnnx(path, options);

    /// <summary>Saves a forecaster as an .onnx file, which is there whole or not at all; see
    /// <see cref="OnnxExtensions.SaveOnnx(ForecastModel, string)"/> for what it reads.</summary>
    /// <param name="transformer">What was trained.</param>
    /// <param name="path">Where to.</param>
    /// <example>
    /// <code>
    /// var forecaster = ml.Forecasting.ForecastByLstm("Forecast", "Load", windowSize: 48, horizon: 24).Fit(trainData);
    /// forecaster.SaveOnnx("forecaster.onnx");
    /// </code>
    /// </example>
    public static void SaveOnnx(this LstmForecastingTransformer transformer, string path)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        transformer.Model.SaveOnnx(path);
    }

    /// <inheritdoc cref="SaveOnnx(LstmForecastingTransformer, string)" path="/*[not(self::param)]"/>
    /// <param name="transformer">What was trained.</param>
    /// <param name="path">Where to.</param>
    /// <param name="options">A shorter horizon than that of training, another level of the intervals.</param>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is beyond that of training, or the level not between 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">A level is given, and the forecaster has no intervals, or those of its own level
    /// alone.</exception>
    /// <example>
    /// <code>
    /// var forecaster = ml.Forecasting.ForecastByLstm("Forecast", "Load", windowSize: 48, horizon: 24).Fit(trainData);
    /// forecaster.SaveOnnx("next-hours.onnx", new ForecastOnnxOptions { Horizon = 6 });
    /// </code>
    /// </example>
    public static void SaveOnnx(this LstmForecastingTransformer transformer, string path, ForecastOnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        transformer.Model.SaveOnnx(path, options);
    }

    private static RecurrentModel ModelOf(RecurrentTransformer transformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return transformer.Model;
    }

    private static RecurrentModel ModelOf(LstmLanguageModelTransformer transformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return transformer.Model;
    }
}
