using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Trainers;

namespace Microsoft.ML;

/// <summary>Trainers of recurrent networks, in ML.NET's catalogs of trainers.</summary>
public static class RecurrentTrainersCatalog
{
    /// <summary>Creates an <see cref="Lstm.LstmRegressor"/>, which predicts one or several numbers from a sequence.</summary>
    /// <param name="catalog">The regression trainers.</param>
    /// <param name="labelColumnName">The column to learn: <c>Single</c> or <c>Vector&lt;Single, H&gt;</c>.</param>
    /// <param name="featureColumnName">The column of sequences: <c>Vector&lt;Single, T, F&gt;</c>, <c>Vector&lt;Single&gt;</c> or a vector of keys.</param>
    /// <param name="hiddenSize">Units of each layer.</param>
    /// <param name="numberOfLayers">LSTM layers on top of each other.</param>
    /// <param name="numberOfEpochs">Most passes over the data; training stops earlier when the loss on the last tenth of the rows no longer falls.</param>
    /// <param name="learningRate">Adam's learning rate.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var pipeline = ml.Transforms.WindowSequence("Window", ["Value"], windowLength: 132, horizon: 12, labelColumnName: "Next")
    ///     .Append(ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", featureColumnName: "Window", hiddenSize: 64));
    /// var model = pipeline.Fit(data);
    /// ]]></code>
    /// </example>
    public static LstmRegressor LstmRegressor(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int hiddenSize = 32,
        int numberOfLayers = 1,
        int numberOfEpochs = 50,
        float learningRate = 0.001f) =>
        catalog.LstmRegressor(Shared(new LstmRegressor.Options(), labelColumnName, featureColumnName, hiddenSize, numberOfLayers, numberOfEpochs, learningRate));

    /// <summary>Creates an <see cref="Lstm.LstmRegressor"/> with all its options.</summary>
    /// <param name="catalog">The regression trainers.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var trainer = ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
    /// {
    ///     LabelColumnName = "Next",
    ///     FeatureColumnName = "Window",
    ///     Cell = CellKind.Gru,
    ///     HiddenSizes = [64, 64],
    ///     Patience = 20,
    ///     EpochDone = epoch => Console.WriteLine($"{epoch.Epoch}: {epoch.ValidationLoss}"),
    /// });
    /// ]]></code>
    /// </example>
    public static LstmRegressor LstmRegressor(this RegressionCatalog.RegressionTrainers catalog, LstmRegressor.Options options) =>
        new(catalog.GetEnvironment(), options);

    /// <summary>Creates an <see cref="Lstm.LstmClassifier"/>, which tells which of several classes a sequence belongs to.</summary>
    /// <param name="catalog">The multiclass classification trainers.</param>
    /// <param name="labelColumnName">The column to learn: a key, such as <c>Conversion.MapValueToKey</c> makes.</param>
    /// <param name="featureColumnName">The column of sequences: <c>Vector&lt;Single, T, F&gt;</c>, <c>Vector&lt;Single&gt;</c> or a vector of keys.</param>
    /// <param name="hiddenSize">Units of each layer.</param>
    /// <param name="numberOfLayers">LSTM layers on top of each other.</param>
    /// <param name="numberOfEpochs">Most passes over the data; training stops earlier when the loss on a random tenth of the rows no longer falls.</param>
    /// <param name="learningRate">Adam's learning rate.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Features", hiddenSize: 64))
    ///     .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(pipeline.Fit(data).Transform(data));
    /// ]]></code>
    /// </example>
    public static LstmClassifier LstmClassifier(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int hiddenSize = 32,
        int numberOfLayers = 1,
        int numberOfEpochs = 50,
        float learningRate = 0.001f) =>
        catalog.LstmClassifier(Shared(new LstmClassifier.Options(), labelColumnName, featureColumnName, hiddenSize, numberOfLayers, numberOfEpochs, learningRate));

    /// <summary>Creates an <see cref="Lstm.LstmClassifier"/> with all its options.</summary>
    /// <param name="catalog">The multiclass classification trainers.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var trainer = ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options
    /// {
    ///     HiddenSizes = [64],
    ///     Bidirectional = true,
    ///     LabelSmoothing = 0.1f,
    ///     Dropout = new RegularizationSpec { OutputDropout = 0.3f },
    /// });
    /// ]]></code>
    /// </example>
    public static LstmClassifier LstmClassifier(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, LstmClassifier.Options options) =>
        new(catalog.GetEnvironment(), options);

    /// <summary>Creates an <see cref="Lstm.LstmTagger"/>, which gives each step of a sequence one of several classes.</summary>
    /// <param name="catalog">The multiclass classification trainers.</param>
    /// <param name="labelColumnName">The column to learn: a vector of keys, one for each step.</param>
    /// <param name="featureColumnName">The column of sequences: a vector of keys, <c>Vector&lt;Single, T, F&gt;</c> or <c>Vector&lt;Single&gt;</c>.</param>
    /// <param name="hiddenSize">Units of each layer in each of its two directions.</param>
    /// <param name="numberOfLayers">LSTM layers on top of each other.</param>
    /// <param name="numberOfEpochs">Most passes over the data; training stops earlier when the loss on a random tenth of the rows no longer falls.</param>
    /// <param name="learningRate">Adam's learning rate.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var pipeline = ml.Transforms.Text.TokenizeIntoWords("Words", "Text")
    ///     .Append(ml.Transforms.Conversion.MapValueToKey("Words"))
    ///     .Append(ml.Transforms.Text.TokenizeIntoWords("Label", "Tags"))
    ///     .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
    ///     .Append(ml.MulticlassClassification.Trainers.LstmTagger(featureColumnName: "Words"))
    ///     .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedTags", "PredictedLabel"));
    /// ]]></code>
    /// </example>
    public static LstmTagger LstmTagger(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int hiddenSize = 64,
        int numberOfLayers = 1,
        int numberOfEpochs = 50,
        float learningRate = 0.001f) =>
        catalog.LstmTagger(Shared(new LstmTagger.Options(), labelColumnName, featureColumnName, hiddenSize, numberOfLayers, numberOfEpochs, learningRate));

    /// <summary>Creates an <see cref="Lstm.LstmTagger"/> with all its options.</summary>
    /// <param name="catalog">The multiclass classification trainers.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var tagger = ml.MulticlassClassification.Trainers.LstmTagger(new LstmTagger.Options
    /// {
    ///     FeatureColumnName = "Words",
    ///     HiddenSizes = [32],
    ///     EmbeddingSize = 16,
    ///     LearningRate = 0.01f,
    /// });
    /// ]]></code>
    /// </example>
    public static LstmTagger LstmTagger(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, LstmTagger.Options options) =>
        new(catalog.GetEnvironment(), options);

    /// <summary>Creates an <see cref="Lstm.LstmBinaryClassifier"/>, which tells whether something holds of a sequence.</summary>
    /// <param name="catalog">The binary classification trainers.</param>
    /// <param name="labelColumnName">The column to learn: Boolean.</param>
    /// <param name="featureColumnName">The column of sequences: <c>Vector&lt;Single, T, F&gt;</c>, <c>Vector&lt;Single&gt;</c> or a vector of keys.</param>
    /// <param name="hiddenSize">Units of each layer.</param>
    /// <param name="numberOfLayers">LSTM layers on top of each other.</param>
    /// <param name="numberOfEpochs">Most passes over the data; training stops earlier when the loss on a random tenth of the rows no longer falls.</param>
    /// <param name="learningRate">Adam's learning rate.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var pipeline = ml.Transforms.Text.TokenizeIntoWords("Words", "Review")
    ///     .Append(ml.Transforms.Conversion.MapValueToKey("Words"))
    ///     .Append(ml.BinaryClassification.Trainers.LstmBinaryClassifier(labelColumnName: "Positive", featureColumnName: "Words"));
    /// CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(pipeline.Fit(data).Transform(data), labelColumnName: "Positive");
    /// ]]></code>
    /// </example>
    public static LstmBinaryClassifier LstmBinaryClassifier(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int hiddenSize = 32,
        int numberOfLayers = 1,
        int numberOfEpochs = 50,
        float learningRate = 0.001f) =>
        catalog.LstmBinaryClassifier(Shared(new LstmBinaryClassifier.Options(), labelColumnName, featureColumnName, hiddenSize, numberOfLayers, numberOfEpochs, learningRate));

    /// <summary>Creates an <see cref="Lstm.LstmBinaryClassifier"/> with all its options.</summary>
    /// <param name="catalog">The binary classification trainers.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var trainer = ml.BinaryClassification.Trainers.LstmBinaryClassifier(new LstmBinaryClassifier.Options
    /// {
    ///     LabelColumnName = "Fault",
    ///     FeatureColumnName = "Window",
    ///     ExampleWeightColumnName = "Weight",
    ///     ValidationFraction = 0.2,
    /// });
    /// ]]></code>
    /// </example>
    public static LstmBinaryClassifier LstmBinaryClassifier(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, LstmBinaryClassifier.Options options) =>
        new(catalog.GetEnvironment(), options);

    private static T Shared<T>(
        T options, string labelColumnName, string featureColumnName, int hiddenSize, int numberOfLayers, int numberOfEpochs, float learningRate)
        where T : RecurrentTrainerOptions
    {
        options.LabelColumnName = labelColumnName;
        options.FeatureColumnName = featureColumnName;
        options.HiddenSizes = LayerSizes.Of(hiddenSize, numberOfLayers);
        options.NumberOfEpochs = numberOfEpochs;
        options.LearningRate = learningRate;
        return options;
    }
}
