namespace Microsoft.ML.Lstm.Tests.Trainers;

/// <summary>The option that names the engine, here, where the package of the Torch engine is not.</summary>
public sealed class EngineOptionTests
{
    [Fact]
    public void Trainer_EngineTorchWithoutItsPackage_IsRefusedBeforeThereIsData()
    {
        var ml = new MLContext(seed: 1);

        var error = Assert.Throws<TrainingEngineUnavailableException>(() => ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { Engine = TrainingEngine.Torch }));
        Assert.Throws<TrainingEngineUnavailableException>(() => ml.Forecasting.ForecastByLstm(
            new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 8, Engine = TrainingEngine.Torch }));

        Assert.Contains("Microsoft.ML.Lstm.TorchSharp", error.Message);
    }

    [Fact]
    public void Trainer_EngineAutoOrManagedWithAGpu_NeedsNoPackage()
    {
        var ml = new MLContext(seed: 1) { GpuDeviceId = 0 };

        foreach (TrainingEngine engine in (TrainingEngine[])[TrainingEngine.Auto, TrainingEngine.Managed])
            Assert.NotNull(ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { Engine = engine }));
    }
}
