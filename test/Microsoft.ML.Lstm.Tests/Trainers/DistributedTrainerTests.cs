using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Core.Tests.Training.Distributed;
using Microsoft.ML.Lstm.Tests.Text;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Tests.Trainers;

/// <summary>Estimators in several processes, here threads: one model, told of by the first.</summary>
public sealed class DistributedTrainerTests
{
    [Fact]
    public void Fit_RegressorWithoutSeedInSeveralProcesses_GivesEachTheSameModelAndTellsOfItOnce()
    {
        int[] epochs = new int[3];
        float[][] scores = InMemoryGroup.Run(3, group =>
        {
            // Contexts without a seed draw different ones.
            var ml = new MLContext();
            IDataView data = ml.Data.LoadFromEnumerable(Series.Examples(40));
            return ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
            {
                HiddenSizes = [5],
                NumberOfEpochs = 3,
                NumberOfThreads = 1,
                Processes = group,
                EpochDone = _ => epochs[group.Rank]++,
            }).Fit(data).Transform(data).GetColumn<float>("Score").ToArray();
        });

        Assert.Equal(scores[0], scores[1]);
        Assert.Equal(scores[0], scores[2]);
        Assert.Equal([3, 0, 0], epochs);
    }

    [Fact]
    public void Fit_ForecasterInAnyNumberOfProcesses_ForecastsTheSameBits()
    {
        float[][] alone = Forecasts(1);

        Assert.All(Forecasts(3), forecasts => Assert.Equal(alone[0], forecasts));
    }

    [Fact]
    public void Fit_RegressorOnWindowsInAnyNumberOfProcesses_HasTheSameLinearForecastAndBits()
    {
        string alone = Assert.Single(Windowed(1, DistributedData.All));

        Assert.All([.. Windowed(3, DistributedData.All), .. Windowed(3, DistributedData.Share)], model => Assert.Equal(alone, model));
    }

    [Fact]
    public void Fit_LanguageModelInAnyNumberOfProcesses_GivesTheSameProbabilities()
    {
        float[] alone = Assert.Single(Probabilities(1));

        Assert.All(Probabilities(3), probabilities => Assert.Equal(alone, probabilities));
    }

    [Fact]
    public void Options_OutOfRange_NameTheOption()
    {
        var ml = new MLContext(1);

        var shards = Assert.Throws<ArgumentException>(() => ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { ShardsPerBatch = 0 }));
        var distributed = Assert.Throws<ArgumentException>(() => ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { Distributed = (Distribution)9 }));
        var package = Assert.Throws<DistributedTrainingException>(() => ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { Distributed = Distribution.Mpi }));

        Assert.StartsWith("ShardsPerBatch is 0; expected 1 to 65536, or null for 4 or the number of processes.", shards.Message);
        Assert.StartsWith("Distributed is 9; expected one of Auto, None, Mpi.", distributed.Message);
        Assert.Contains("Microsoft.ML.Lstm.Mpi is not in this application", package.Message);
    }

    private static string[] Windowed(int size, DistributedData rows) => InMemoryGroup.Run(size, group =>
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 120).Select(i => new Point { Value = 10 + i + (5 * MathF.Sin(i * 0.5f)) + (i * i % 7) }));
        var chain = ml.Transforms.WindowSequence("Window", ["Value"], 12, 2, "Next").Append(ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
        {
            LabelColumnName = "Next", FeatureColumnName = "Window", HiddenSizes = [5], NumberOfEpochs = 2, NumberOfThreads = 1, Processes = group, DistributedData = rows,
        }));
        RecurrentModel model = chain.Fit(data).LastTransformer.Model;
        return string.Join(' ', model.Predict([.. Enumerable.Range(0, 12).Select(i => 3f * i)]).Select(BitConverter.SingleToInt32Bits)) + model.Describe();
    });

    private static float[][] Forecasts(int size) => InMemoryGroup.Run(size, group =>
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 120).Select(i => new { Value = 10 + MathF.Sin(i * 0.5f) }));
        return ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            WindowSize = 24,
            Horizon = 6,
            HiddenSizes = [8],
            NumberOfEpochs = 2,
            NumberOfModels = 2,
            NumberOfThreads = 1,
            Processes = group,
        }).Fit(data).Transform(data).GetColumn<float[]>("Forecast").Last();
    });

    private static float[][] Probabilities(int size) => InMemoryGroup.Run(size, group =>
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Repeat(new { Text = "the cat sat on the mat" }, 40));
        var pipeline = ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Append(ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"))
            .Append(ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options { HiddenSizes = [4], NumberOfEpochs = 2, BatchSize = 6, StepsPerBatch = 5, NumberOfThreads = 1, Processes = group }));
        return pipeline.Fit(data).Transform(data).GetColumn<float[]>("Score").First();
    });
}
