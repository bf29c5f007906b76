using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

/// <summary>A forecaster's series that arrives row by row, with ML.NET (<see cref="SequenceEngine{TIn, TOut}"/>) and without (<see cref="ForecastSession"/>).</summary>
public sealed class ForecastSessionTests(ForecastSessionTests.Models models) : IClassFixture<ForecastSessionTests.Models>
{
    private const int Rows = 90;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Predict_RowsOneByOne_GivesTheBitsOfAllAtOnce(bool covariates, bool gaps)
    {
        Row[] rows = gaps ? [.. models.Data.Where((row, i) => i % 17 != 3).Select((row, i) => i % 11 == 5 ? row with { Value = float.NaN } : row)] : models.Data;
        LstmForecastingTransformer model = covariates ? models.Full : models.Plain;
        Output[] batch = Transform(model, rows);

        using SequenceEngine<Row, Output> engine = model.CreateSequenceEngine<Row, Output>(models.ML);
        int compared = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            Row[] future = [.. rows.Skip(i + 1).Where(row => row.Series == rows[i].Series).Take(models.Full.Model.Horizon)];
            if (covariates && (future.Length < models.Full.Model.Horizon || future[^1].Date != rows[i].Date.AddDays(models.Full.Model.Horizon)))
            {
                Assert.Null(engine.Predict(rows[i]));
                continue;
            }
            Output? one = engine.Predict(rows[i], null, null, covariates ? future : null);
            // Transform looks back from no row after the last known one.
            if (one is null || float.IsNaN(batch[i].Forecast[0]))
                continue;
            Assert.Equal(batch[i].Forecast, one.Forecast);
            Assert.Equal(batch[i].Lower, one.Lower);
            Assert.Equal(batch[i].Upper, one.Upper);
            compared++;
        }
        Assert.True(compared > rows.Length / 3, $"{compared} of {rows.Length} rows were compared");
    }

    [Fact]
    public void CheckPoint_Loaded_ResumesWithTheSameBits()
    {
        string path = Path.Combine(models.Folder, "engine.zip");
        using SequenceEngine<Row, Output> whole = models.Plain.CreateSequenceEngine<Row, Output>(models.ML), first = models.Plain.CreateSequenceEngine<Row, Output>(models.ML);
        foreach (Row row in models.Data.Take(101))
        {
            whole.Predict(row);
            first.Predict(row);
        }
        first.CheckPoint(path);

        ITransformer loaded = new MLContext().Model.Load(path, out _);
        using SequenceEngine<Row, Output> second = loaded.CreateSequenceEngine<Row, Output>(models.ML);

        foreach (Row row in models.Data.Skip(101))
            Assert.Equal(whole.Predict(row)!.Forecast, second.Predict(row)!.Forecast);
        Assert.Empty(Directory.GetFiles(models.Folder, "*.tmp"));
        Assert.Equal(models.Plain.Model.Fingerprint, ForecastModel.Load(path).Fingerprint);
    }

    [Fact]
    public void Fork_ToldAnotherFuture_LeavesTheOriginalAsItWas()
    {
        using SequenceEngine<Row, Output> engine = models.Full.CreateSequenceEngine<Row, Output>(models.ML);
        Row[] one = [.. models.Data.Where(row => row.Series == "a")];
        foreach (Row row in one.Take(50))
            engine.Predict(row);
        Row[] asIs = one[51..56], promoted = [.. asIs.Select(row => row with { Known = 1 - row.Known })];

        using SequenceEngine<Row, Output> branch = engine.Fork(), other = engine.Fork();
        float[] first = engine.Predict(one[50], null, null, asIs)!.Forecast, changed = branch.Predict(one[50], null, null, promoted)!.Forecast;
        branch.Predict(one[51], null, null, promoted);

        Assert.NotEqual(first, changed);
        Assert.Equal(first, other.Predict(one[50], null, null, asIs)!.Forecast);
    }

    [Fact]
    public void Predict_ShorterHorizonAndOtherLevel_GivesTheBeginningAndWiderBounds()
    {
        using SequenceEngine<Row, Output> engine = models.Plain.CreateSequenceEngine<Row, Output>(models.ML), other = engine.Fork();
        foreach (Row row in models.Data.Take(100))
        {
            engine.Predict(row);
            other.Predict(row);
        }
        Output all = engine.Predict(models.Data[100])!, some = other.Predict(models.Data[100], horizon: 2, confidenceLevel: 0.99)!;

        Assert.Equal(all.Forecast[..2], some.Forecast);
        Assert.Equal(2, some.Lower.Length);
        Assert.All(Enumerable.Range(0, 2), h => Assert.True(some.Upper[h] - some.Lower[h] > all.Upper[h] - all.Lower[h]));
    }

    [Theory]
    [InlineData(0, null, "horizon is 0; expected 1 to 5")]
    [InlineData(6, null, "horizon is 6; expected 1 to 5")]
    [InlineData(null, 1.0, "confidenceLevel is 1; expected more than 0 and less than 1")]
    public void Predict_ArgumentOutOfItsRange_IsNamed(int? horizon, double? level, string expected)
    {
        using SequenceEngine<Row, Output> engine = models.Plain.CreateSequenceEngine<Row, Output>(models.ML);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => engine.Predict(models.Data[0], horizon, level));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_TimeThatGoesBack_IsRefusedAndTheSessionGoesOn()
    {
        ForecastSession session = models.Plain.Model.CreateSession("a");
        session.Append(1, new DateTime(2020, 1, 2));

        var error = Assert.Throws<InvalidOperationException>(() => session.Append(1, new DateTime(2020, 1, 1)));
        session.Append(2, new DateTime(2020, 1, 5));

        Assert.Contains("'a' is from 2020-01-01 00:00:00, after one from 2020-01-02 00:00:00; expected 1 day", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, session.RowCount);
        Assert.Equal(new DateTime(2020, 1, 5), session.LastTime);
    }

    [Fact]
    public void Append_WithoutTimeAfterTheLastDateThereIs_IsRefusedAndTheRowIsNotTaken()
    {
        ForecastSession session = models.Plain.Model.CreateSession("a");
        session.Append(1, new DateTime(9999, 12, 30));
        session.Append(2);

        var error = Assert.Throws<InvalidOperationException>(() => session.Append(3));

        Assert.Contains("series 'a' is from 9999-12-31 00:00:00; expected one before", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, session.RowCount);
        error = Assert.Throws<InvalidOperationException>(() => session.Forecast());
        Assert.Contains("series 'a' is from 9999-12-31 00:00:00; expected dates for the 1 times 1 day after it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_RowsOfTheFutureThatCannotBeRead_TakesNothing()
    {
        Row[] rows = [.. models.Data.Where(row => row.Series == "a")];
        using SequenceEngine<Row, Output> disturbed = models.Full.CreateSequenceEngine<Row, Output>(models.ML), calm = models.Full.CreateSequenceEngine<Row, Output>(models.ML);
        for (int i = 0; i < 30; i++)
        {
            Row[] future = rows[(i + 1)..(i + 6)];

            Assert.ThrowsAny<Exception>(() => disturbed.Predict(rows[i], null, null, [.. future[..2], null!, .. future[3..]]));

            Assert.Equal(calm.Predict(rows[i], null, null, future)!.Forecast, disturbed.Predict(rows[i], null, null, future)!.Forecast);
        }
    }

    [Fact]
    public void Append_GapLongerThanTheWindow_HoldsAWindowOfRows()
    {
        ForecastSession session = models.Plain.Model.CreateSession("a");
        session.Append(1, new DateTime(2020, 1, 1));
        session.Append(2, new DateTime(2030, 1, 1));

        Assert.Equal(models.Plain.Model.WindowLength, session.RowCount);
        Assert.All(session.Forecast().Values, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Save_LoadedAfterManyRows_ForecastsTheSameBits()
    {
        string path = Path.Combine(models.Folder, "session.safetensors");
        ForecastSession session = models.Plain.Model.CreateSession("b");
        for (int i = 0; i < 100; i++)
            session.Append(models.Data[(2 * i) % models.Data.Length].Value, new DateTime(2020, 1, 1).AddDays(i));
        session.Save(path);

        ForecastSession loaded = models.Plain.Model.LoadSession(path);
        Assert.Equal(session.Forecast().Values, loaded.Forecast().Values);
        session.Append(3);
        loaded.Append(3);

        Assert.Equal(session.Forecast(confidenceLevel: 0.5).UpperBounds, loaded.Forecast(confidenceLevel: 0.5).UpperBounds);
        Assert.Equal(session.LastTime, loaded.LastTime);
        Assert.Equal(models.Plain.Model.WindowLength, loaded.RowCount);
    }

    [Fact]
    public void LoadSession_OfAnotherForecaster_IsRefusedByItsFingerprint()
    {
        using var stream = new MemoryStream();
        ForecastSession session = models.Plain.Model.CreateSession("a");
        session.Append(1, new DateTime(2020, 1, 1));
        session.Save(stream);
        stream.Position = 0;

        var error = Assert.Throws<InvalidDataException>(() => models.Other.Model.LoadSession(stream));

        Assert.Contains(models.Plain.Model.Fingerprint, error.Message, StringComparison.Ordinal);
        Assert.Contains(models.Other.Model.Fingerprint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadSession_EveryByteChangedOrCutOff_IsRefused()
    {
        using var stream = new MemoryStream();
        ForecastSession session = models.Plain.Model.CreateSession("a");
        for (int i = 0; i < 3; i++)
            session.Append(i, new DateTime(2020, 1, 1).AddDays(i));
        session.Save(stream);
        byte[] file = stream.ToArray();

        for (int i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= 0x11;
            // A checksum stands for all of it: whatever is changed shows.
            Assert.Throws<InvalidDataException>(() => models.Plain.Model.LoadSession(new MemoryStream(changed)));
            Assert.Throws<InvalidDataException>(() => models.Plain.Model.LoadSession(new MemoryStream(file[..i])));
        }
        Assert.Equal(3, models.Plain.Model.LoadSession(new MemoryStream(file)).RowCount);
    }

    [Fact]
    public void CreateSequenceEngine_MoreSeriesThanMaximum_DropsTheOneHeardOfLeastRecently()
    {
        using SequenceEngine<Row, Output> two = models.Plain.CreateSequenceEngine<Row, Output>(models.ML, maximumSeries: 2);
        Row At(string series, int day, float value) => new() { Series = series, Date = new DateTime(2020, 1, 1).AddDays(day), Value = value };
        two.Predict(At("a", 0, 1));
        two.Predict(At("b", 0, 5));
        two.Predict(At("c", 0, 7));

        // 'a' begins anew, so that an earlier day than before is no step back.
        Assert.NotNull(two.Predict(At("a", -3, 1)));
        Assert.Throws<InvalidOperationException>(() => two.Predict(At("c", 0, 7)));
    }

    private Output[] Transform(LstmForecastingTransformer model, Row[] rows) =>
        [.. models.ML.Data.CreateEnumerable<Output>(model.Transform(models.ML.Data.LoadFromEnumerable(rows)), reuseRowObject: false)];

    public sealed record Row
    {
        public string Series { get; set; } = "";

        public DateTime Date { get; set; }

        public float Value { get; set; }

        public float Known { get; set; }

        public float Seen { get; set; }

        public float Kind { get; set; }
    }

    public sealed class Output
    {
        public float[] Forecast { get; set; } = [];

        public float[] Lower { get; set; } = [];

        public float[] Upper { get; set; } = [];
    }

    /// <summary>Forecasters that a few epochs make.</summary>
    public sealed class Models : IDisposable
    {
        public Models()
        {
            var random = new Random(1);
            int[] known = [.. Enumerable.Range(0, 2 * Rows).Select(_ => random.Next(2))];
            Data = [.. Enumerable.Range(0, 2 * Rows).Select(i => new Row
            {
                Series = i % 2 == 0 ? "a" : "b",
                Date = new DateTime(2020, 1, 1).AddDays(i / 2),
                Value = (float)((10 * Math.Sin(i / 2 * Math.PI / 3.5)) + random.NextDouble() + (i % 2 * 50) + (8 * known[i])),
                Known = known[i],
                Seen = random.NextSingle(),
                Kind = i % 2,
            })];
            Plain = Fit(covariates: false, seed: 1);
            Other = Fit(covariates: false, seed: 2);
            Full = Fit(covariates: true, seed: 1);
        }

        public MLContext ML { get; } = new(seed: 1);

        public string Folder { get; } = Directory.CreateTempSubdirectory("lstm").FullName;

        public Row[] Data { get; }

        public LstmForecastingTransformer Plain { get; }

        public LstmForecastingTransformer Other { get; }

        public LstmForecastingTransformer Full { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);

        private LstmForecastingTransformer Fit(bool covariates, int seed) => ML.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            GroupColumnName = "Series",
            TimeColumnName = "Date",
            PastCovariateColumnNames = covariates ? ["Seen"] : [],
            FutureCovariateColumnNames = covariates ? ["Known"] : [],
            StaticCovariateColumnNames = covariates ? ["Kind"] : [],
            WindowSize = 20,
            Horizon = 5,
            SegmentLength = 3,
            HiddenSizes = [12],
            NumberOfEpochs = 40,
            ValidationFraction = 0.35,
            LearningRate = 0.01f,
            Seed = seed,
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
            ConfidenceLevel = 0.8f,
        }).Fit(ML.Data.LoadFromEnumerable(Data));
    }
}
