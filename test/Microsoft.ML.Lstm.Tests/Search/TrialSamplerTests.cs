using Microsoft.ML.Lstm.Search;

namespace Microsoft.ML.Lstm.Tests.Search;

public sealed class TrialSamplerTests
{
    [Fact]
    public void Of_AsManyTrialsAsValues_TriesEachValueOnce()
    {
        var sampler = new TrialSampler<LstmRegressor.Options>(Space(), seed: 1);

        Assert.True(sampler.Has(5));
        Assert.Equal(["1", "2", "3", "4", "5"], Enumerable.Range(1, 5).Select(trial => sampler.Of(trial).Settings["Five"]).Order());
        Assert.Equal(["[16, 16]", "[8]"], Enumerable.Range(1, 2).Select(trial => sampler.Of(trial).Settings["HiddenSizes"]).Order());
    }

    [Fact]
    public void Has_SpaceThatIsExhausted_IsFalse()
    {
        var sampler = new TrialSampler<LstmRegressor.Options>(Space(), seed: 1);

        Assert.True(sampler.Has(10));
        Assert.False(sampler.Has(11));
        Assert.Equal(10, Enumerable.Range(1, 10).Select(trial => SettingText.Of(sampler.Of(trial).Settings)).Distinct().Count());
    }

    [Fact]
    public void Apply_Trials_SetsTheOptionsAndLeavesTheFirstAsGiven()
    {
        var sampler = new TrialSampler<LstmRegressor.Options>(HyperparameterSpaces.OfNetwork<LstmRegressor.Options>(), seed: 1);
        var given = new LstmRegressor.Options();
        Assert.True(sampler.Has(12));

        sampler.Apply(0, given);
        Assert.Equal([32], given.HiddenSizes);
        for (int trial = 1; trial <= 12; trial++)
        {
            var options = new LstmRegressor.Options();
            sampler.Apply(trial, options);
            IReadOnlyDictionary<string, string> settings = sampler.Of(trial).Settings;
            Assert.Equal(settings["HiddenSizes"], SettingText.Of(options.HiddenSizes));
            Assert.Equal(settings["Cell"], SettingText.Of(options.Cell));
            Assert.Equal(settings["LearningRate"], SettingText.Of(options.LearningRate));
            Assert.Equal(settings["Dropout"], SettingText.Of(options.Dropout.OutputDropout));
            _ = new MLContext(1).Regression.Trainers.LstmRegressor(options);
        }
    }

    [Theory]
    [InlineData(3, 6, 12, 200)]
    [InlineData(48, 24, 24, 1000)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(720, 96, 168, 100_000)]
    public void OfForecaster_EveryTrial_IsOptionsThatAForecasterTakes(int window, int horizon, int season, int rows)
    {
        var given = new LstmForecaster.Options { InputColumnNames = ["Value"], TimeColumnName = "Time", WindowSize = window,
            Horizon = horizon };
        var sampler = new TrialSampler<LstmForecaster.Options>(HyperparameterSpaces.OfForecaster(given, season, rows), seed: 1);
        Assert.True(sampler.Has(40));

        for (int trial = 1; trial <= 40; trial++)
        {
            var options = (LstmForecaster.Options)given.Copy();
            sampler.Apply(trial, options);
            _ = new MLContext(1).Forecasting.ForecastByLstm(options);
            Assert.True(options.WindowSize <= Math.Max(window, rows / 3), $"{options.WindowSize}");
            Assert.True(options.SegmentLength is null || options.WindowSize / options.SegmentLength <= 128);
        }
    }

    private static HyperparameterSpace<LstmRegressor.Options> Space() => new HyperparameterSpace<LstmRegressor.Options>()
        .Add("Five", [1, 2, 3, 4, 5])
        .Add<int[]>("HiddenSizes", [[8], [16, 16]], (options, sizes) => options.HiddenSizes = sizes);
}
