using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Interop;

public sealed class PermutationFeatureImportanceTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void PermutationFeatureImportance_OfOurModels_SaysWhatToUseInstead()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Row { Value = MathF.Sin(i) }));
        ITransformer regressor = _ml.Transforms.WindowSequence("Window", ["Value"], 6, labelColumnName: "Next")
            .Append(_ml.Regression.Trainers.LstmRegressor("Next", "Window", numberOfEpochs: 1)).Fit(data);
        ITransformer forecaster = _ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 6, horizon: 1, numberOfEpochs: 1).Fit(data);

        foreach (ITransformer model in (ITransformer[])[regressor, forecaster])
        {
            string message = Assert.Throws<NotSupportedException>(() => _ml.Regression.PermutationFeatureImportance(model, model.Transform(data), "Next")).Message;
            Assert.Contains("ml.Forecasting.PermutationFeatureImportance", message, StringComparison.Ordinal);
            Assert.Contains("Which input matters", message, StringComparison.Ordinal);
        }
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
