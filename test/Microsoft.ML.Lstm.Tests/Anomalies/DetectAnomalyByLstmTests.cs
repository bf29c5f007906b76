using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Anomalies;

public sealed class DetectAnomalyByLstmTests(DetectAnomalyByLstmTests.Detector fitted) : IClassFixture<DetectAnomalyByLstmTests.Detector>
{
    [Fact]
    public void Transform_SpikeAndMissingSeason_RaisesAlertsThereAndHardlyElsewhere()
    {
        Row[] rows = fitted.Rows(400, 700);
        rows[100].Value += 8;
        rows[200].Value = 0;
        Scored[] scored = Score(rows);

        Assert.Equal(1, scored[100].Anomaly[0]);
        Assert.True(scored[100].Anomaly[1] > 4, $"{scored[100].Anomaly[1]}");
        Assert.True(scored[100].Anomaly[2] < 1e-3, $"{scored[100].Anomaly[2]}");
        // As long as the window holds what was out of the ordinary, forecasts that look back on it are off.
        int others = scored.Where((row, i) => row.Anomaly[0] == 1 && i is not ((>= 100 and <= 124) or (>= 200 and <= 224))).Count();
        Assert.True(others <= 9, $"{others} alerts where nothing was; expected 3 in 300 or a few more");
    }

    [Fact]
    public void Transform_EveryRow_HasAnAlertExactlyOutsideItsBounds()
    {
        foreach (Scored row in Score(fitted.Rows(400, 600)).Skip(24))
        {
            Assert.Equal(row.Value < row.Anomaly[4] || row.Value > row.Anomaly[5], row.Anomaly[0] == 1);
            Assert.InRange(row.Anomaly[3], row.Anomaly[4], row.Anomaly[5]);
        }
    }

    [Fact]
    public void Transform_FirstRowAndMissingValue_AreNaNWithoutAnAlert()
    {
        Row[] rows = fitted.Rows(400, 460);
        rows[40].Value = float.NaN;
        rows[59].Value = float.NaN;

        Scored[] scored = Score(rows);

        Assert.Equal([0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN], scored[0].Anomaly);
        foreach (int i in (int[])[40, 59])
        {
            Assert.Equal([0, double.NaN, double.NaN], scored[i].Anomaly[..3]);
            Assert.All(scored[i].Anomaly[3..], value => Assert.True(double.IsFinite(value)));
        }
    }

    [Fact]
    public void Predict_RowsOneByOneWithAHoleAndACheckPoint_GivesTheBitsOfAllAtOnce()
    {
        Row[] rows = [.. fitted.Rows(400, 520).Where((_, i) => i is not (31 or 32 or 77))];
        rows[50].Value = float.NaN;
        Scored[] batch = Score(rows);
        string path = Path.Combine(fitted.Folder, "anomalies.zip");
        SequenceEngine<Row, Scored> engine = fitted.Model.CreateSequenceEngine<Row, Scored>(fitted.ML);

        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(batch[i].Anomaly, engine.Predict(rows[i])!.Anomaly);
            if (i != 60)
                continue;
            engine.CheckPoint(path);
            engine.Dispose();
            engine = new MLContext().Model.Load(path, out _).CreateSequenceEngine<Row, Scored>(fitted.ML);
        }
        engine.Dispose();
    }

    [Fact]
    public void Load_SavedDetector_GivesTheSameBitsAndSlotNames()
    {
        using var stream = new MemoryStream();
        fitted.ML.Model.Save(fitted.Model, fitted.Data.Schema, stream);
        stream.Position = 0;

        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        IDataView scored = loaded.Transform(fitted.Data);

        Assert.Equal(fitted.Model.Transform(fitted.Data).GetColumn<double[]>("Anomaly"), scored.GetColumn<double[]>("Anomaly"));
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Anomaly"].Annotations.GetValue("SlotNames", ref names);
        Assert.Equal(["Alert", "Score", "P-Value", "Expected", "Lower", "Upper"], names.DenseValues().Select(name => name.ToString()));
    }

    [Theory]
    [InlineData(0.0, 1, "ConfidenceLevel is 0; expected more than 0 and less than 1")]
    [InlineData(0.9, 2, "Horizon is 2; expected 1")]
    public void DetectAnomalyByLstm_OptionOutOfItsRange_IsNamed(double level, int horizon, string expected)
    {
        var options = new LstmAnomalyDetector.Options { ConfidenceLevel = level };
        options.Forecaster.InputColumnNames = ["Value"];
        options.Forecaster.WindowSize = 8;
        options.Forecaster.Horizon = horizon;

        var error = Assert.Throws<ArgumentException>(() => fitted.ML.Transforms.DetectAnomalyByLstm(options));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    // Errors on rows that were learned are too small to say what is ordinary.
    [Fact]
    public void Fit_FewRows_DoesNotLearnThoseHeldOut()
    {
        IDataView few = fitted.ML.Data.LoadFromEnumerable(Enumerable.Range(0, 120).Select(t => new { Value = MathF.Sin(t) }).ToArray());
        LstmAnomalyDetector.Options Options()
        {
            var options = new LstmAnomalyDetector.Options();
            LstmForecaster.Options own = options.Forecaster;
            (own.InputColumnNames, own.WindowSize, own.NumberOfEpochs, own.Seed) = (["Value"], 8, 2, 1);
            return options;
        }

        ForecastModel model = fitted.ML.Transforms.DetectAnomalyByLstm(Options()).Fit(few).Model;

        LstmForecaster.Options forecaster = Options().Forecaster;
        forecaster.RefitOnAllRows = false;
        Assert.Equal(fitted.ML.Forecasting.ForecastByLstm(forecaster).Fit(few).Model.Fingerprint, model.Fingerprint);
        LstmAnomalyDetector.Options refit = Options();
        refit.Forecaster.RefitOnAllRows = true;
        Assert.Contains("RefitOnAllRows is True; expected false or null", Assert.Throws<ArgumentException>(
            () => fitted.ML.Transforms.DetectAnomalyByLstm(refit)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_MissingColumn_IsNamed()
    {
        IDataView data = fitted.ML.Data.LoadFromEnumerable(new[] { new { Other = 1f } });

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Model.Transform(data));

        Assert.Contains("'Value'", error.Message, StringComparison.Ordinal);
    }

    private Scored[] Score(Row[] rows) => [.. fitted.ML.Data.CreateEnumerable<Scored>(fitted.Model.Transform(fitted.ML.Data.LoadFromEnumerable(rows)), reuseRowObject: false)];

    public sealed class Row
    {
        public DateTime Date { get; set; }

        public float Value { get; set; }
    }

    public sealed class Scored
    {
        public float Value { get; set; }

        public double[] Anomaly { get; set; } = [];
    }

    /// <summary>A detector of a season of 12 with noise.</summary>
    public sealed class Detector : IDisposable
    {
        public Detector()
        {
            Data = ML.Data.LoadFromEnumerable(Rows(0, 400));
            Model = ML.Transforms.DetectAnomalyByLstm("Anomaly", "Value", windowSize: 24, confidenceLevel: 0.99, timeColumnName: "Date", numberOfEpochs: 10).Fit(Data);
        }

        public MLContext ML { get; } = new(seed: 1);

        public string Folder { get; } = Directory.CreateTempSubdirectory("lstm").FullName;

        public IDataView Data { get; }

        public LstmAnomalyDetectionTransformer Model { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);

        public Row[] Rows(int first, int end)
        {
            var random = new Random(1 + first);
            return [.. Enumerable.Range(first, end - first).Select(i => new Row
            {
                Date = new DateTime(2020, 1, 1).AddHours(i),
                Value = (float)(20 + (5 * Math.Sin(i * Math.PI / 6)) + random.NextDouble()),
            })];
        }
    }
}
