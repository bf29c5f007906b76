using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;

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
    public static LstmRegressor LstmRegressor(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int hiddenSize = 32,
        int numberOfLayers = 1,
        int numberOfEpochs = 50,
        float learningRate = 0.001f) =>
        catalog.LstmRegressor(new LstmRegressor.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            HiddenSizes = [.. Enumerable.Repeat(hiddenSize, Math.Max(0, numberOfLayers))],
            NumberOfEpochs = numberOfEpochs,
            LearningRate = learningRate,
        });

    /// <summary>Creates an <see cref="Lstm.LstmRegressor"/> with all its options.</summary>
    /// <param name="catalog">The regression trainers.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range; names it, its value and what was expected.</exception>
    public static LstmRegressor LstmRegressor(this RegressionCatalog.RegressionTrainers catalog, LstmRegressor.Options options) =>
        new(catalog.GetEnvironment(), options);
}
