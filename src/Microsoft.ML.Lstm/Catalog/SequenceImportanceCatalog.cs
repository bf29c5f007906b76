using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Importance;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// What predictions from sequences rest on, in <c>mlContext.Regression</c>, <c>mlContext.BinaryClassification</c> and
/// <c>mlContext.MulticlassClassification</c>.
/// </summary>
/// <remarks>
/// The compiler prefers these to ML.NET's own methods of that name for a model whose type is one of ours. Of a model typed
/// <c>ITransformer</c>, as <c>Model.Load</c> gives it, and of a chain that ends in another transformer, it calls ML.NET's, which knows
/// feature vectors alone and says "The model provided does not have a compatible predictor": give it
/// <see cref="PermutationImportanceOptions"/>, or cast the model to its type.
/// </remarks>
[SuppressMessage("ApiDesign", "RS0026", Justification = "The overloads are told apart by the type of the model, which each requires.")]
public static class SequenceImportanceCatalog
{
    /// <summary>
    /// Measures how much the metrics of a regression change when one feature of the sequences says nothing: its values in all steps are
    /// exchanged among the rows at random. The counterpart of ML.NET's method, which exchanges single slots of one feature vector.
    /// </summary>
    /// <param name="catalog">The regression operations.</param>
    /// <param name="model">The network.</param>
    /// <param name="data">
    /// Rows that it was not trained on, with its columns and the label as it learned it: what comes out of the transformers before it.
    /// </param>
    /// <param name="labelColumnName">
    /// The column that predictions are compared with: <c>Single</c>, or a vector as the network predicts it.
    /// </param>
    /// <param name="numberOfExamplesToUse">Rows to use, from the first; null: all. Range: 2 or more. Default: null.</param>
    /// <param name="permutationCount">How often values are exchanged. Range: 1 or more. Default: 1.</param>
    /// <returns>
    /// The features, those first without which the root mean squared error gets most worse. Same seed of the context, same bits.
    /// </returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, or an argument is out of its range.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are fewer than two rows with a label and a sequence, or a value is not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <example>
    /// <code>
    /// var regressor = ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", featureColumnName: "Window").Fit(trainData);
    /// foreach (var one in ml.Regression.PermutationFeatureImportance(regressor, testData, "Next", permutationCount: 5))
    ///     Console.WriteLine($"{one.Feature}: RMSE {one.Change.RootMeanSquaredError.Mean:+0.0;-0.0}");
    /// </code>
    /// </example>
    public static IReadOnlyList<SequenceImportance<RegressionMetricsStatistics>> PermutationFeatureImportance(
        this RegressionCatalog catalog, LstmRegressionTransformer model, IDataView data, string labelColumnName = "Label",
        int? numberOfExamplesToUse = null, int permutationCount = 1) =>
        catalog.PermutationFeatureImportance(model, data, Options(labelColumnName, numberOfExamplesToUse, permutationCount));

    /// <inheritdoc cref="PermutationFeatureImportance(RegressionCatalog, LstmRegressionTransformer, IDataView, string,
    /// int?, int)" path="/*[not(self::param) and not(self::example)]"/>
    /// <param name="catalog">The regression operations.</param>
    /// <param name="model">A chain that ends in the network.</param>
    /// <param name="data">New rows, as the chain reads them or has scored them: with a column <c>Score</c> taken as they are.</param>
    /// <param name="labelColumnName">The column that predictions are compared with, as the network learned it.</param>
    /// <param name="numberOfExamplesToUse">Rows to use, from the first; null: all. Range: 2 or more. Default: null.</param>
    /// <param name="permutationCount">How often values are exchanged. Range: 1 or more. Default: 1.</param>
    /// <example>
    /// <code>
    /// var chain = ml.Transforms.WindowSequence("Window", ["Load", "Temperature"], windowLength: 48, horizon: 1, labelColumnName: "Next")
    ///     .Append(ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", featureColumnName: "Window")).Fit(trainData);
    /// var importance = ml.Regression.PermutationFeatureImportance(chain, testData, "Next", permutationCount: 5);
    /// Console.WriteLine(importance[0].Feature);      // "Load" or "Temperature"
    /// </code>
    /// </example>
    public static IReadOnlyList<SequenceImportance<RegressionMetricsStatistics>> PermutationFeatureImportance(
        this RegressionCatalog catalog, TransformerChain<LstmRegressionTransformer> model, IDataView data, string labelColumnName = "Label",
        int? numberOfExamplesToUse = null, int permutationCount = 1) =>
        catalog.PermutationFeatureImportance(model, data, Options(labelColumnName, numberOfExamplesToUse, permutationCount));

    /// <inheritdoc cref="PermutationFeatureImportance(RegressionCatalog, LstmRegressionTransformer, IDataView, string,
    /// int?, int)" path="/*[not(self::param) and not(self::example)]"/>
    /// <param name="catalog">The regression operations.</param>
    /// <param name="model">
    /// Any model with such a network in it: one that was loaded, or a chain with transformers after the network.
    /// </param>
    /// <param name="data">New rows, as the model reads them or has scored them: with a column <c>Score</c> taken as they are.</param>
    /// <param name="options">Label, permutations, blocks of steps, seed.</param>
    /// <example>
    /// <code>
    /// ITransformer loaded = ml.Model.Load("model.zip", out _);
    /// var options = new PermutationImportanceOptions { LabelColumnName = "Next", PermutationCount = 5, NumberOfBlocks = 4 };
    /// foreach (var one in ml.Regression.PermutationFeatureImportance(loaded, testData, options))
    ///     Console.WriteLine($"{one.Feature}, steps {one.FirstStep} to {one.LastStep}: {one.Change.RootMeanSquaredError.Mean}");
    /// </code>
    /// </example>
    public static IReadOnlyList<SequenceImportance<RegressionMetricsStatistics>> PermutationFeatureImportance(
        this RegressionCatalog catalog, ITransformer model, IDataView data, PermutationImportanceOptions options)
    {
        IHost host = Check(catalog, model, data, options);
        NetworkRows<LstmRegressionTransformer> rows = NetworkRows<LstmRegressionTransformer>.Of(model, data);
        return new SequencePermutation(host, rows.Network, rows.Network.Model, options)
            .Run(rows.Data, RegressionImportance.Of(host, rows.Network.Model, rows.Data.Schema, options.LabelColumnName));
    }

    /// <summary>
    /// Measures how much the metrics of a binary classification change when one feature of the sequences says nothing: its values in all
    /// steps are exchanged among the rows at random. The counterpart of ML.NET's method, which exchanges single slots of one feature
    /// vector.
    /// </summary>
    /// <param name="catalog">The binary classification operations.</param>
    /// <param name="model">The network.</param>
    /// <param name="data">
    /// Rows that it was not trained on, with its columns and the label as it learned it: what comes out of the transformers before it.
    /// </param>
    /// <param name="labelColumnName">The column that predictions are compared with: Boolean.</param>
    /// <param name="numberOfExamplesToUse">Rows to use, from the first; null: all. Range: 2 or more. Default: null.</param>
    /// <param name="permutationCount">How often values are exchanged. Range: 1 or more. Default: 1.</param>
    /// <returns>
    /// The features, those first without which the area under the ROC curve gets most worse. Same seed of the context, same bits.
    /// </returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, or an argument is out of its range.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are fewer than two rows with a label and a sequence, or a value is not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <example>
    /// <code>
    /// var classifier = ml.BinaryClassification.Trainers.LstmBinaryClassifier("Fault", "Window").Fit(trainData);
    /// foreach (var one in ml.BinaryClassification.PermutationFeatureImportance(classifier, testData, "Fault", permutationCount: 5))
    ///     Console.WriteLine($"{one.Feature}: AUC {one.Change.AreaUnderRocCurve.Mean:+0.00;-0.00}");
    /// </code>
    /// </example>
    public static IReadOnlyList<SequenceImportance<BinaryClassificationMetricsStatistics>> PermutationFeatureImportance(
        this BinaryClassificationCatalog catalog, LstmBinaryClassificationTransformer model, IDataView data,
            string labelColumnName = "Label",
        int? numberOfExamplesToUse = null, int permutationCount = 1) =>
        catalog.PermutationFeatureImportance(model, data, Options(labelColumnName, numberOfExamplesToUse, permutationCount));

    /// <inheritdoc cref="PermutationFeatureImportance(BinaryClassificationCatalog, LstmBinaryClassificationTransformer, IDataView, string,
    /// int?, int)" path="/*[not(self::param) and not(self::example)]"/>
    /// <param name="catalog">The binary classification operations.</param>
    /// <param name="model">A chain that ends in the network.</param>
    /// <param name="data">New rows, as the chain reads them or has scored them: with a column <c>Score</c> taken as they are.</param>
    /// <param name="labelColumnName">The column that predictions are compared with, as the network learned it.</param>
    /// <param name="numberOfExamplesToUse">Rows to use, from the first; null: all. Range: 2 or more. Default: null.</param>
    /// <param name="permutationCount">How often values are exchanged. Range: 1 or more. Default: 1.</param>
    /// <example>
    /// <code>
    /// var windows = ml.Transforms.WindowSequence("Window", ["Current", "Vibration"], windowLength: 60);
    /// var chain = windows.Append(ml.BinaryClassification.Trainers.LstmBinaryClassifier("Fault", "Window")).Fit(trainData);
    /// var importance = ml.BinaryClassification.PermutationFeatureImportance(chain, testData, labelColumnName: "Fault");
    /// Console.WriteLine(importance[0].Feature);      // "Current" or "Vibration"
    /// </code>
    /// </example>
    public static IReadOnlyList<SequenceImportance<BinaryClassificationMetricsStatistics>> PermutationFeatureImportance(
        this BinaryClassificationCatalog catalog, TransformerChain<LstmBinaryClassificationTransformer> model, IDataView data,
            string labelColumnName = "Label",
        int? numberOfExamplesToUse = null, int permutationCount = 1) =>
        catalog.PermutationFeatureImportance(model, data, Options(labelColumnName, numberOfExamplesToUse, permutationCount));

    /// <inheritdoc cref="PermutationFeatureImportance(BinaryClassificationCatalog, LstmBinaryClassificationTransformer, IDataView, string,
    /// int?, int)" path="/*[not(self::param) and not(self::example)]"/>
    /// <param name="catalog">The binary classification operations.</param>
    /// <param name="model">
    /// Any model with such a network in it: one that was loaded, or a chain with transformers after the network.
    /// </param>
    /// <param name="data">New rows, as the model reads them or has scored them: with a column <c>Score</c> taken as they are.</param>
    /// <param name="options">Label, permutations, blocks of steps, seed.</param>
    /// <example>
    /// <code>
    /// ITransformer loaded = ml.Model.Load("model.zip", out _);
    /// var options = new PermutationImportanceOptions { LabelColumnName = "Fault", PermutationCount = 5, NumberOfBlocks = 4 };
    /// foreach (var one in ml.BinaryClassification.PermutationFeatureImportance(loaded, testData, options))
    ///     Console.WriteLine($"{one.Feature}, steps {one.FirstStep} to {one.LastStep}: {one.Change.AreaUnderRocCurve.Mean}");
    /// </code>
    /// </example>
    public static IReadOnlyList<SequenceImportance<BinaryClassificationMetricsStatistics>> PermutationFeatureImportance(
        this BinaryClassificationCatalog catalog, ITransformer model, IDataView data, PermutationImportanceOptions options)
    {
        IHost host = Check(catalog, model, data, options);
        NetworkRows<LstmBinaryClassificationTransformer> rows = NetworkRows<LstmBinaryClassificationTransformer>.Of(model, data);
        return new SequencePermutation(host, rows.Network, rows.Network.Model, options)
            .Run(rows.Data, ClassificationImportance.Of(host, catalog, rows.Data.Schema, options.LabelColumnName));
    }

    /// <summary>
    /// Measures how much the metrics of a classification change when one feature of the sequences says nothing: its values in all steps
    /// are exchanged among the rows at random. The counterpart of ML.NET's method, which exchanges single slots of one feature vector.
    /// </summary>
    /// <param name="catalog">The multiclass classification operations.</param>
    /// <param name="model">The network.</param>
    /// <param name="data">
    /// Rows that it was not trained on, with its columns and the label as it learned it: what comes out of the transformers before it.
    /// </param>
    /// <param name="labelColumnName">The column that predictions are compared with: a key, of the classes that it was trained on.</param>
    /// <param name="numberOfExamplesToUse">Rows to use, from the first; null: all. Range: 2 or more. Default: null.</param>
    /// <param name="permutationCount">How often values are exchanged. Range: 1 or more. Default: 1.</param>
    /// <returns>The features, those first without which the log-loss gets most worse. Same seed of the context, same bits.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, or an argument is out of its range.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are fewer than two rows with a label and a sequence, or a value is not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <example>
    /// <code>
    /// var classifier = ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Window").Fit(trainData);
    /// foreach (var one in ml.MulticlassClassification.PermutationFeatureImportance(classifier, testData, permutationCount: 5))
    ///     Console.WriteLine($"{one.Feature}: micro-accuracy {one.Change.MicroAccuracy.Mean:+0.00;-0.00}");
    /// </code>
    /// </example>
    public static IReadOnlyList<SequenceImportance<MulticlassClassificationMetricsStatistics>> PermutationFeatureImportance(
        this MulticlassClassificationCatalog catalog, LstmClassificationTransformer model, IDataView data, string labelColumnName = "Label",
        int? numberOfExamplesToUse = null, int permutationCount = 1) =>
        catalog.PermutationFeatureImportance(model, data, Options(labelColumnName, numberOfExamplesToUse, permutationCount));

    /// <inheritdoc cref="PermutationFeatureImportance(MulticlassClassificationCatalog, LstmClassificationTransformer, IDataView, string,
    /// int?, int)" path="/*[not(self::param) and not(self::example)]"/>
    /// <param name="catalog">The multiclass classification operations.</param>
    /// <param name="model">A chain that ends in the network.</param>
    /// <param name="data">New rows, as the chain reads them or has scored them: with a column <c>Score</c> taken as they are.</param>
    /// <param name="labelColumnName">The column that predictions are compared with, as the network learned it.</param>
    /// <param name="numberOfExamplesToUse">Rows to use, from the first; null: all. Range: 2 or more. Default: null.</param>
    /// <param name="permutationCount">How often values are exchanged. Range: 1 or more. Default: 1.</param>
    /// <example>
    /// <code>
    /// var labels = ml.Transforms.Conversion.MapValueToKey("Label");
    /// var chain = labels.Append(ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Window")).Fit(trainData);
    /// var importance = ml.MulticlassClassification.PermutationFeatureImportance(chain, testData);
    /// Console.WriteLine(importance[0].Feature);
    /// </code>
    /// </example>
    public static IReadOnlyList<SequenceImportance<MulticlassClassificationMetricsStatistics>> PermutationFeatureImportance(
        this MulticlassClassificationCatalog catalog, TransformerChain<LstmClassificationTransformer> model, IDataView data,
            string labelColumnName = "Label",
        int? numberOfExamplesToUse = null, int permutationCount = 1) =>
        catalog.PermutationFeatureImportance(model, data, Options(labelColumnName, numberOfExamplesToUse, permutationCount));

    /// <inheritdoc cref="PermutationFeatureImportance(MulticlassClassificationCatalog, LstmClassificationTransformer, IDataView, string,
    /// int?, int)" path="/*[not(self::param) and not(self::example)]"/>
    /// <param name="catalog">The multiclass classification operations.</param>
    /// <param name="model">
    /// Any model with such a network in it: one that was loaded, or a chain with transformers after the network.
    /// </param>
    /// <param name="data">New rows, as the model reads them or has scored them: with a column <c>Score</c> taken as they are.</param>
    /// <param name="options">Label, permutations, blocks of steps, seed.</param>
    /// <example>
    /// <code>
    /// var chain = ml.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Window"))
    ///     .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(trainData);
    /// var options = new PermutationImportanceOptions { PermutationCount = 5 };
    /// foreach (var one in ml.MulticlassClassification.PermutationFeatureImportance(chain, testData, options))
    ///     Console.WriteLine($"{one.Feature}: {one.Change.LogLoss.Mean}");
    /// </code>
    /// </example>
    public static IReadOnlyList<SequenceImportance<MulticlassClassificationMetricsStatistics>> PermutationFeatureImportance(
        this MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, PermutationImportanceOptions options)
    {
        IHost host = Check(catalog, model, data, options);
        NetworkRows<LstmClassificationTransformer> rows = NetworkRows<LstmClassificationTransformer>.Of(model, data);
        return new SequencePermutation(host, rows.Network, rows.Network.Model, options)
            .Run(rows.Data, ClassificationImportance.Of(host, catalog, rows.Network.Model, rows.Data.Schema, options.LabelColumnName));
    }

    private static PermutationImportanceOptions Options(string labelColumnName, int? numberOfExamplesToUse, int permutationCount) =>
        new() { LabelColumnName = labelColumnName, NumberOfExamplesToUse = numberOfExamplesToUse, PermutationCount = permutationCount };

    private static IHost Check(TrainCatalogBase catalog, ITransformer model, IDataView data, PermutationImportanceOptions options)
    {
        IHostEnvironment environment = catalog.GetEnvironment();
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return environment.Register(nameof(PermutationFeatureImportance));
    }
}
