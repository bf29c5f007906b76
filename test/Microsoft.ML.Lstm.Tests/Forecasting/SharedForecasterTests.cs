using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Core.Tests.Training.Distributed;
using Microsoft.ML.Lstm.Training.Distributed;
using static Microsoft.ML.Lstm.Tests.Forecasting.SharedSeries;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

/// <summary>
/// Processes, here threads, that hold series of their own each: one forecaster, to the bit that of a training with all series in each.
/// </summary>
public sealed partial class SharedForecasterTests : IDisposable
{
    private static readonly Lazy<string> s_rich = new(() => Assert.Single(Train(1, DistributedData.All, Rich)));
    private readonly string _folder = Directory.CreateTempSubdirectory("shared").FullName;

    // In the order in which the first series appear; the fourth is too short to hold anything out, and the second a process' only one.
    public static TheoryData<DistributedData, int> Shares => new()
    {
        { DistributedData.Share, 1 }, { DistributedData.Share, 2 }, { DistributedData.Share, 3 }, { DistributedData.Share, 4 }, { DistributedData.Share, 7 },
        { DistributedData.Own, 2 }, { DistributedData.Own, 3 }, { DistributedData.Own, 4 },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Shares))]
    public void Fit_CovariatesGapsIntervalsAndTwoNetworks_IsTheForecasterOfAllSeriesInEach(DistributedData data, int size)
    {
        Assert.All(Train(size, data, Rich), model => Assert.Equal(s_rich.Value, model));
    }

    [Theory]
    [InlineData(DistributedData.Share)]
    [InlineData(DistributedData.Own)]
    public void Fit_InitialModelAndSeriesThatItDoesNotKnow_IsTheForecasterOfAllSeriesInEach(DistributedData data)
    {
        string[] Continued(int size, DistributedData held) => InMemoryGroup.Run(size, group =>
        {
            var ml = new MLContext(1);
            LstmForecaster forecaster = ml.Forecasting.ForecastByLstm(Plain(group, held));
            return See(ml, forecaster.Fit(Load(ml, group, held, 2, 5), forecaster.Fit(Load(ml, group, held, 0, 3))));
        });

        string expected = Assert.Single(Continued(1, DistributedData.All));

        Assert.All(Continued(3, data), model => Assert.Equal(expected, model));
    }

    [Fact]
    public void Fit_NothingHeldOutLogarithmsAndNoGroup_IsTheForecasterOfAllSeriesInEach()
    {
        LstmForecaster.Options One(IProcessGroup group, DistributedData data)
        {
            LstmForecaster.Options options = Plain(group, data);
            (options.GroupColumnName, options.ValidationFraction, options.Logarithms, options.LinearSkip) = (null, 0, true, false);
            return options;
        }

        string expected = Assert.Single(Train(1, DistributedData.All, One, end: 1));

        Assert.All(Train(3, DistributedData.Share, One, end: 1), model => Assert.Equal(expected, model));
        Assert.All(Train(2, DistributedData.Own, One, end: 1), model => Assert.Equal(expected, model));
    }

    [Fact]
    public void Fit_ResumedByOtherProcessesWithOtherShares_EndsWithTheSameBits()
    {
        string checkpoint = Path.Combine(_folder, "training.checkpoint");
        LstmForecaster.Options Paused(IProcessGroup group, DistributedData data)
        {
            LstmForecaster.Options options = Plain(group, data);
            (options.CheckpointPath, options.CheckpointEveryEpochs, options.PauseAfterEpochs) = (checkpoint, 1, 1);
            return options;
        }

        LstmForecaster.Options Resumed(IProcessGroup group, DistributedData data)
        {
            LstmForecaster.Options options = Plain(group, data);
            options.ResumeFrom = checkpoint;
            return options;
        }

        Train(2, DistributedData.Share, Paused);

        string expected = Assert.Single(Train(1, DistributedData.All, Plain));
        Assert.All(Train(3, DistributedData.Own, Resumed), model => Assert.Equal(expected, model));
        Assert.All(Train(2, DistributedData.All, Resumed), model => Assert.Equal(expected, model));
    }

    [Fact]
    public void Fit_Shares_AskForTheValuesOfTheirSeriesAlone()
    {
        int[] asked = InMemoryGroup.Run(3, group =>
        {
            var ml = new MLContext(1);
            int read = 0;
            IEnumerable<WatchedRow> rows = Own(group, DistributedData.Share, 0, 5).Select(row => new WatchedRow(() => row.Value, () => read++) { Series = row.Series });
            ml.Forecasting.ForecastByLstm(Plain(group, DistributedData.Share)).Fit(ml.Data.LoadFromEnumerable(rows));
            return read;
        });

        Assert.Equal([150, 149, 104], asked);
    }

    [Fact]
    public void Fit_RowThatOneProcessCannotRead_EndsAllWithItsMessage()
    {
        Exception[] errors = Errors(3, group => (Timed(group, DistributedData.Share), rows => rows.Append(new Row { Series = "s2", Time = Start.AddHours(3) })));

        Assert.Contains("Column 'Time' has 2024-01-01 03:00:00 in row 403 of series 's2'", Assert.IsType<InvalidOperationException>(errors[1]).Message);
        Assert.All((Exception[])[errors[0], errors[2]], error => Assert.Equal($"Process 1 of 3 cannot train: {errors[1].Message}",
            Assert.IsType<DistributedTrainingException>(error).Message));
    }

    [Fact]
    public void Fit_ValueThatLogarithmsRefuse_EndsAllWithItsMessage()
    {
        Exception[] errors = Errors(2, group =>
        {
            LstmForecaster.Options options = Plain(group, DistributedData.Share);
            options.Logarithms = true;
            return (options, rows => rows.Select(row => row.Series == "s4" ? new Row { Series = "s4", Value = -1 } : row));
        });

        Assert.StartsWith("Column 'Value' of series 's4' has -1 in its row 0; expected positive values", Assert.IsType<InvalidOperationException>(errors[1]).Message);
        Assert.Equal($"Process 1 of 2 cannot train: {errors[1].Message}", Assert.IsType<DistributedTrainingException>(errors[0]).Message);
    }

    [Fact]
    public void Fit_GapsThatAreRefused_AreCountedOverAllProcesses()
    {
        Exception[] errors = Errors(3, group =>
        {
            LstmForecaster.Options options = Plain(group, DistributedData.Share);
            options.MissingValues = MissingValues.Refuse;
            return (options, rows => rows.Select(row => row.Series is "s1" or "s2" or "s4" && row.Time == Start.AddHours(20)
                ? new Row { Series = row.Series, Value = float.NaN } : row));
        });

        Assert.All(errors, error => Assert.Equal("3 values are missing, the first of column 'Value' in series 's1' in its row 19; expected none, since MissingValues is Refuse.",
            Assert.IsType<InvalidOperationException>(error).Message));
    }

    [Theory]
    [InlineData(true, "Series 's3' has rows in process 0 and in process 1 of 3; expected all rows of a series in one process, since DistributedData is Own.")]
    [InlineData(false, "Processes 0 and 1 of 3 have rows of one series, since no column is named that tells series apart; expected its name, or rows in one process alone, since DistributedData is Own.")]
    public void Fit_SeriesInTwoProcesses_IsRefusedByName(bool isGrouped, string expected)
    {
        Exception[] errors = Errors(3, group =>
        {
            LstmForecaster.Options options = Plain(group, DistributedData.Own);
            options.GroupColumnName = isGrouped ? options.GroupColumnName : null;
            return (options, rows => group.Rank == 0 ? rows.Append(new Row { Series = "s3", Value = 1 }) : rows);
        });

        Assert.All(errors, error => Assert.Equal(expected, Assert.IsType<DistributedTrainingException>(error).Message));
    }

    [Fact]
    public void Fit_ProcessesThatDiffer_AreRefusedByName()
    {
        string data = Refusal(group => (Plain(group, group.Rank == 1 ? DistributedData.All : DistributedData.Share), rows => rows));
        string batch = Refusal(group =>
        {
            LstmForecaster.Options options = Plain(group, DistributedData.All);
            options.BatchSize = group.Rank == 1 ? 5 : 16;
            return (options, rows => rows);
        });
        string series = Refusal(group => (Plain(group, DistributedData.Share), rows => group.Rank == 1 ? rows.Where(row => row.Series != "s1") : rows));
        string length = Refusal(group => (Plain(group, DistributedData.All), rows => group.Rank == 1 ? rows.SkipLast(1) : rows));

        Assert.StartsWith("Process 1 of 2 is not set up as process 0: its DistributedData is \"All\"; expected \"Share\".", data);
        Assert.StartsWith("Process 1 of 2 is not set up as process 0: its BatchSize is 5; expected 16.", batch);
        Assert.StartsWith("Process 1 of 2 is not set up as process 0: its SeriesCount is 4; expected 5.", series);
        Assert.StartsWith("Process 1 of 2 is not set up as process 0: its RowCount is 402; expected 403.", length);
    }

    [Fact]
    public void Fit_AllSeriesTooShort_IsSaidByAllAlike()
    {
        Exception[] errors = Errors(2, group => (Plain(group, DistributedData.Own), rows => rows.GroupBy(row => row.Series).SelectMany(series => series.Take(3))));

        Assert.All(errors, error => Assert.StartsWith("The longest series, 's0', has 3 rows; expected at least 5", Assert.IsType<InvalidOperationException>(error).Message));
    }

    [Fact]
    public void Backtest_SeriesOfItsOwnInEachProcess_IsRefused()
    {
        Exception?[] errors = [.. InMemoryGroup.TryRun(2, group =>
        {
            var ml = new MLContext(1);
            LstmForecaster forecaster = ml.Forecasting.ForecastByLstm(Plain(group, DistributedData.Own));
            return ml.Forecasting.Backtest(Load(ml, group, DistributedData.Own), forecaster, new BacktestOptions());
        }).Select(outcome => outcome.Error)];

        Assert.All(errors, error => Assert.StartsWith("DistributedData is Own; expected All or Share: a backtest forecasts all series in each process.",
            Assert.IsAssignableFrom<ArgumentException>(error).Message));
    }

    // Trainings of a backtest run side by side, and a process may have origins that others have not: to wait for one another would never end.
    [Fact]
    public void Backtest_OriginsOfItsOwnInEachProcess_TrainsByItself()
    {
        BacktestResult Test(IProcessGroup group, WorkShard shard)
        {
            var ml = new MLContext(1);
            LstmForecaster forecaster = ml.Forecasting.ForecastByLstm(Plain(group, DistributedData.All));
            return ml.Forecasting.Backtest(Load(ml, group, DistributedData.All), forecaster, new BacktestOptions { NumberOfOrigins = 3, RefitEvery = 1, Shard = shard });
        }

        BacktestResult[] shares = InMemoryGroup.Run(2, group => Test(group, new WorkShard(group.Rank, 2)));
        BacktestResult whole = Assert.Single(InMemoryGroup.Run(1, group => Test(group, new WorkShard(0, 1))));

        Assert.Equal([2, 1], shares.Select(share => share.Models.Count).Order().Reverse());
        Assert.Equal(Forecasts(whole).Order(StringComparer.Ordinal), shares.SelectMany(Forecasts).Order(StringComparer.Ordinal));

        static IEnumerable<string> Forecasts(BacktestResult result) =>
            result.Rows.Select(row => FormattableString.Invariant($"{row.Series} {row.Origin} {row.Step} {row.Forecast:R}"));
    }

    [Fact]
    public void LanguageModel_ShareOfTheText_IsRefused()
    {
        var refused = Assert.ThrowsAny<ArgumentException>(() => new MLContext(1).Transforms.Text.LstmLanguageModel(
            new LstmLanguageModel.Options { DistributedData = DistributedData.Share }));

        Assert.StartsWith("DistributedData is Share; expected All: a language model holds its text in each process.", refused.Message);
    }

    [Fact]
    public void DetectAnomalies_SeriesInSeveralProcesses_MeasuresResidualsOfAll()
    {
        string[] Detectors(int size, DistributedData held) => InMemoryGroup.Run(size, group =>
        {
            var ml = new MLContext(1);
            LstmForecaster.Options options = Plain(group, held);
            options.Horizon = 1;
            var detector = ml.Transforms.DetectAnomalyByLstm(new LstmAnomalyDetector.Options { Forecaster = options }).Fit(Load(ml, group, held));
            return string.Join(' ', detector.Transform(Load(ml, group, DistributedData.All)).GetColumn<double[]>(new LstmAnomalyDetector.Options().OutputColumnName)
                .SelectMany(values => values).Select(BitConverter.DoubleToInt64Bits));
        });

        string expected = Assert.Single(Detectors(1, DistributedData.All));

        Assert.All(Detectors(3, DistributedData.Own), detector => Assert.Equal(expected, detector));
    }

    private static string[] Train(int size, DistributedData data, Func<IProcessGroup, DistributedData, LstmForecaster.Options> options, int end = 5) =>
        InMemoryGroup.Run(size, group =>
        {
            var ml = new MLContext(1);
            return See(ml, ml.Forecasting.ForecastByLstm(options(group, data)).Fit(Load(ml, group, data, 0, end)));
        });

    private static Exception[] Errors(int size, Func<IProcessGroup, (LstmForecaster.Options, Func<IEnumerable<Row>, IEnumerable<Row>>)> setUp) =>
        [.. InMemoryGroup.TryRun(size, group =>
        {
            (LstmForecaster.Options options, Func<IEnumerable<Row>, IEnumerable<Row>> change) = setUp(group);
            var ml = new MLContext(1);
            return ml.Forecasting.ForecastByLstm(options).Fit(ml.Data.LoadFromEnumerable(change(Own(group, options.DistributedData, 0, 5))));
        }).Select(outcome => Assert.IsAssignableFrom<Exception>(outcome.Error))];

    private static string Refusal(Func<IProcessGroup, (LstmForecaster.Options, Func<IEnumerable<Row>, IEnumerable<Row>>)> setUp) =>
        Assert.Single(Errors(2, setUp).Select(error => Assert.IsType<DistributedTrainingException>(error).Message).Distinct());

    // All that its file holds but for times and the hash over them, and what it says of rows.
    private static string See(MLContext ml, LstmForecastingTransformer trained)
    {
        IDataView rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5).SelectMany(SeriesOf));
        using var file = new MemoryStream();
        ml.Model.Save(trained, rows.Schema, file);
        using var archive = new ZipArchive(file);
        using Stream entry = archive.Entries.MaxBy(found => found.Length)!.Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        // After the header's length, which the times change.
        string text = Encoding.Latin1.GetString(content.ToArray().AsSpan(sizeof(long)));
        Assert.Contains("ValidationLoss", text);
        return Times().Replace(text, "")
            + string.Join(' ', trained.Transform(rows).GetColumn<float[]>("Forecast").SelectMany(values => values).Select(BitConverter.SingleToInt32Bits));
    }

    [GeneratedRegex("""(PerSecond|Seconds)[\\u0022]+:[-+.0-9E]+|xxh128:[0-9a-f]+| +""")]
    private static partial Regex Times();
}
