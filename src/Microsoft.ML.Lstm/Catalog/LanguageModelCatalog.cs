using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;

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
            HiddenSizes = [.. Enumerable.Repeat(hiddenSize, Math.Max(0, numberOfLayers))],
            NumberOfEpochs = numberOfEpochs,
            LearningRate = learningRate,
        });

    /// <summary>Creates an <see cref="Lstm.LstmLanguageModel"/> with all its options.</summary>
    /// <param name="catalog">The transforms of text.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range; names it, its value and what was expected.</exception>
    public static LstmLanguageModel LstmLanguageModel(this TransformsCatalog.TextTransforms catalog, LstmLanguageModel.Options options) =>
        new(catalog.GetEnvironment(), options);
}
