using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Onnx.Tests.Conversion;

/// <summary>Where a pipeline cannot be a whole graph, an error says which transformer is in the way and what saves its model: never a graph
/// that lacks something.</summary>
public sealed class RefusedConversionTests
{
    private readonly MLContext _ml = new(1);
    private readonly IDataView _data;

    public RefusedConversionTests() => _data = _ml.Data.LoadFromEnumerable(Row.Create(60));

    [Fact]
    public void ConvertToOnnx_SlidingWindows_NamesTheTransformer() => Refuses(
        _ml.Transforms.WindowSequence("Window", ["A"], windowLength: 4, horizon: 1, labelColumnName: "Label")
            .Append(_ml.Regression.Trainers.LstmRegressor(featureColumnName: "Window", hiddenSize: 5, numberOfEpochs: 1)),
                nameof(WindowSequenceTransformer), "'A'");

    [Fact]
    public void ConvertToOnnx_Forecaster_NamesTheTransformer() => Refuses(
        _ml.Forecasting.ForecastByLstm(new LstmForecaster.Options { OutputColumnName = "Forecast", InputColumnNames = ["A"], WindowSize = 8,
            Horizon = 2, HiddenSizes = [4], NumberOfEpochs = 1 }),
        nameof(LstmForecastingTransformer), "rows before");

    [Fact]
    public void ConvertToOnnx_NormalizedLayersOfVaryingLength_NamesTheTransformer()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Row.Create(40).Select(row => new Varying { Features = row.Series, Next = row.Next }));
        ITransformer model = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { LabelColumnName = "Next",
            LayerNormalization = true, HiddenSizes = [5], NumberOfEpochs = 1 }).Fit(data);

        Refuses(model, data, nameof(LstmRegressionTransformer), "varies");
    }

    [Fact]
    public void ConvertToOnnx_StepBeforeThatMakesTheColumn_NamesTheColumn() => Refuses(
        _ml.Transforms.CustomMapping<Row, Mapped>((from, to) => to.Mine = from.Series, null)
            .Append(_ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", featureColumnName: "Mine", hiddenSize: 5,
                numberOfEpochs: 1)), nameof(LstmRegressionTransformer), "'Mine'");

    [Fact]
    public void ConvertToOnnx_StepBeforeThatReplacesTheColumn_NamesTheColumn() => Refuses(
        _ml.Transforms.CustomMapping<Row, Replaced>((from, to) => to.Series = [.. from.Series.Select(value => -value)], null)
            .Append(_ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", featureColumnName: "Series", hiddenSize: 5,
                numberOfEpochs: 1)), nameof(LstmRegressionTransformer), "'Series'");

    [Fact]
    public void ConvertToOnnx_StepAfterThatDoesNotConvert_Throws()
    {
        ITransformer model = _ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", hiddenSize: 5, numberOfEpochs: 1)
            .Append(_ml.Transforms.CustomMapping<Scored, Doubled>((from, to) => to.Twice = 2 * from.Score, null)).Fit(_data);

        Assert.ThrowsAny<Exception>(() => _ml.Model.ConvertToOnnx(model, _data, Stream.Null));
    }

    private void Refuses(IEstimator<ITransformer> pipeline, params string[] said) => Refuses(pipeline.Fit(_data), _data, said);

    private void Refuses(ITransformer model, IDataView data, params string[] said)
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => _ml.Model.ConvertToOnnx(model, data, Stream.Null));

        Assert.All([.. said, "SaveOnnx"], text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    private sealed class Varying
    {
        public float[] Features { get; set; } = [];

        public float Next { get; set; }
    }

    private sealed class Mapped
    {
        [VectorType(Row.Steps)]
        public float[] Mine { get; set; } = [];
    }

    private sealed class Replaced
    {
        [VectorType(Row.Steps)]
        public float[] Series { get; set; } = [];
    }

    private sealed class Scored
    {
        public float Score { get; set; }
    }

    private sealed class Doubled
    {
        public float Twice { get; set; }
    }
}
