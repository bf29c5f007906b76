using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Text;
using static Microsoft.ML.TrainCatalogBase;
using Microsoft.ML.Lstm.Trainers;

namespace Microsoft.ML;

/// <summary>Language models, in <c>mlContext.Transforms.Text</c>.</summary>
public static class LanguageModelCatalog
{
    /// <summary>Creates an <see cref="Lstm.LstmLanguageModel"/>, which learns to foresee the next token of a text, and to write.</summary>
    /// <param name="catalog">The transforms of text.</param>
    /// <param name="inputColumnName">The column of tokens: a vector of keys.</param>
    /// <param name="hiddenSize">Units of each layer.</param>
    /// <param name="numberOfLayers">LSTM layers on top of each other.</param>
    /// <param name="numberOfEpochs">Most passes over the text; training stops earlier when the loss on its last tenth no longer falls.</param>
    /// <param name="learningRate">Adam's learning rate.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var pipeline = ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", "Text")
    ///     .Append(ml.Transforms.Text.LstmLanguageModel("Tokens", hiddenSize: 256, numberOfEpochs: 5));
    /// LstmLanguageModelTransformer model = pipeline.Fit(data).LastTransformer;
    /// Console.WriteLine(model.Generate("The ", length: 200, temperature: 0.8, seed: 1));
    /// ]]></code>
    /// </example>
    public static LstmLanguageModel LstmLanguageModel(
        this TransformsCatalog.TextTransforms catalog,
        string inputColumnName = "Tokens",
        int hiddenSize = 256,
        int numberOfLayers = 1,
        int numberOfEpochs = 20,
        float learningRate = 0.002f) =>
        catalog.LstmLanguageModel(new LstmLanguageModel.Options
        {
            InputColumnName = inputColumnName,
            HiddenSizes = LayerSizes.Of(hiddenSize, numberOfLayers),
            NumberOfEpochs = numberOfEpochs,
            LearningRate = learningRate,
        });

    /// <summary>Creates an <see cref="Lstm.LstmLanguageModel"/> with all its options.</summary>
    /// <param name="catalog">The transforms of text.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var languageModel = ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options
    /// {
    ///     InputColumnName = "Tokens",
    ///     EndOfRowToken = "\n",
    ///     HiddenSizes = [256, 256],
    ///     Dropout = new RegularizationSpec { OutputDropout = 0.2f },
    ///     NumberOfEpochs = 5,
    /// });
    /// ]]></code>
    /// </example>
    public static LstmLanguageModel LstmLanguageModel(this TransformsCatalog.TextTransforms catalog, LstmLanguageModel.Options options) =>
        new(catalog.GetEnvironment(), options);

    /// <summary>
    /// Cross-validates a language model. The rows are one text, so the folds are blocks of rows that follow each other, as many in each, give or
    /// take one. For each, the model is trained on the text before and after the block, in its order, and then reads the block from its beginning,
    /// knowing nothing of the text before, to be measured. Nothing is random, and nothing is trained before all arguments are known to be right.
    /// </summary>
    /// <remarks>
    /// What comes after a block is trained on too: where a text is to be foreseen from its past alone, take <c>Data.ChronologicalSplit</c>
    /// instead. Rows of very different lengths make blocks of different lengths; the metrics of each say how many tokens it has. All
    /// tokens together make the perplexity exp(Σ nᵢ·hᵢ / Σ nᵢ), with n the tokens and h the cross-entropy of each fold.
    /// </remarks>
    /// <param name="catalog">The transforms of text.</param>
    /// <param name="data">The text, in order.</param>
    /// <param name="estimator">
    /// An <see cref="Lstm.LstmLanguageModel"/>, or a chain with one that keeps its column <c>Score</c>, which is trained anew for each fold, all
    /// its steps: it may cut the text into tokens and map them to keys itself. The first language model in it is measured.
    /// </param>
    /// <param name="numberOfFolds">How many folds. Range: 2 to the number of rows.</param>
    /// <returns>The model, the metrics and the scored rows of each fold, the text's first block first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds or more than rows, or a column is missing or of another type; names it.</exception>
    /// <exception cref="ArgumentException">The estimator has no language model, or drops what it says.</exception>
    /// <exception cref="InvalidOperationException">A block or the rest has no token to predict.</exception>
    /// <example>
    /// <code><![CDATA[
    /// var folds = ml.Transforms.Text.CrossValidateLanguageModel(data, ml.Transforms.Text.LstmLanguageModel("Tokens"), numberOfFolds: 5);
    /// Console.WriteLine(folds.Average(fold => fold.Metrics.Perplexity));
    /// ]]></code>
    /// </example>
    public static IReadOnlyList<CrossValidationResult<LanguageModelMetrics>> CrossValidateLanguageModel(
        this TransformsCatalog.TextTransforms catalog, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5) =>
        LanguageModelCrossValidation.Run(catalog.GetEnvironment(), data, estimator, numberOfFolds);
}
