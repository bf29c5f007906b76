using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.SavedModels;

/// <summary>Transformers whose weights are stored as bfloat16: what that changes of their outputs, and that the .zip keeps it.</summary>
public sealed class PrecisionTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Names => [.. RecordedModels.Makers.Keys.Where(name => name is not ("window" or "embed-sequence"))];

    /// <summary>The bound that the documentation gives, of the outputs' range.</summary>
    private static double Bound => 0.01;

    [Theory]
    [MemberData(nameof(Names))]
    public void WithPrecision_EveryTransformer_DiffersByLittleAndIsSavedAsItIs(string name)
    {
        ITransformer exact = _ml.Model.Load(Path.Combine(Repository.Root, "test", "Microsoft.ML.Lstm.Tests", "SavedModels", "Recorded", name + ".zip"), out DataViewSchema schema);
        ITransformer rounded = Rounded(exact);
        using var stream = new MemoryStream();
        _ml.Model.Save(rounded, schema, stream);
        stream.Position = 0;
        ITransformer loaded = _ml.Model.Load(stream, out _);
        double[] expected = RecordedModels.Outputs(_ml, exact), found = RecordedModels.Outputs(_ml, rounded);

        // An anomaly's score is in spreads of the residuals, and its p-value a rank among the few that this detector has: a step is a tenth.
        Assert.InRange(Difference(expected, found), 0, name == "anomaly-detector" ? 0.1 : Bound);
        Assert.Equal(found, RecordedModels.Outputs(_ml, loaded));
        Assert.Equal((WeightPrecision.Single, WeightPrecision.BFloat16, WeightPrecision.BFloat16), (PrecisionOf(exact), PrecisionOf(rounded), PrecisionOf(loaded)));
    }

    /// <summary>At a size that gains by it.</summary>
    [Fact]
    public void WithPrecision_WideRegressor_HasTheSameBitsThroughTransformAndPredictionEngine()
    {
        RecordedModels.Row[] rows = RecordedModels.Data();
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        LstmRegressionTransformer exact = _ml.Regression.Trainers.LstmRegressor(hiddenSize: 96, numberOfEpochs: 2).Fit(data);
        exact.RowsPerBlock = 7;
        LstmRegressionTransformer rounded = exact.WithPrecision(WeightPrecision.BFloat16);
        using PredictionEngine<RecordedModels.Row, Scored> engine = _ml.Model.CreatePredictionEngine<RecordedModels.Row, Scored>(rounded);
        float[] together = [.. rounded.Transform(data).GetColumn<float>("Score")];

        Assert.Equal(together, rows.Select(row => engine.Predict(row).Score));
        Assert.InRange(Difference(Doubles(exact.Transform(data).GetColumn<float>("Score")), Doubles(together)), 1e-9, Bound);
        Assert.Equal(7, rounded.RowsPerBlock);
    }

    [Fact]
    public void WithPrecision_ForecasterWithSeries_ForecastsOnFromTheRowsItHadSeen()
    {
        var trained = (LstmForecastingTransformer)RecordedModels.Makers["forecaster"](_ml, _ml.Data.LoadFromEnumerable(RecordedModels.Data()));
        RecordedModels.Row[] rows = RecordedModels.Data();
        using var stream = new MemoryStream();
        using (SequenceEngine<RecordedModels.Row, RecordedModels.Output> engine = trained.CreateSequenceEngine<RecordedModels.Row, RecordedModels.Output>(_ml))
        {
            foreach (RecordedModels.Row row in rows[..^2])
                engine.Predict(row);
            engine.CheckPoint(stream);
        }
        stream.Position = 0;
        ITransformer rounded = Rounded(_ml.Model.Load(stream, out _));
        using SequenceEngine<RecordedModels.Row, RecordedModels.Output> small = rounded.CreateSequenceEngine<RecordedModels.Row, RecordedModels.Output>(_ml);

        float[][] whole = [.. trained.WithPrecision(WeightPrecision.BFloat16).Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Forecast")];
        Assert.Equal(whole[^2..], rows[^2..].Select(row => small.Predict(row)!.Forecast));
    }

    private static double[] Doubles(IEnumerable<float> values) => [.. values.Select(value => (double)value)];

    private static double Difference(double[] expected, double[] found) =>
        expected.Zip(found, (a, b) => double.IsNaN(a) && double.IsNaN(b) ? 0 : Math.Abs(a - b)).Max() / (expected.Where(double.IsFinite).Max() - expected.Where(double.IsFinite).Min());

    private static ITransformer Rounded(ITransformer model) => model switch
    {
        TransformerChain<ITransformer> chain => new TransformerChain<ITransformer>([.. chain.Select(Rounded)]),
        RecurrentTransformer network => network.WithPrecision(WeightPrecision.BFloat16),
        LstmLanguageModelTransformer language => language.WithPrecision(WeightPrecision.BFloat16),
        LstmForecastingTransformer forecaster => forecaster.WithPrecision(WeightPrecision.BFloat16),
        LstmAnomalyDetectionTransformer detector => detector.WithPrecision(WeightPrecision.BFloat16),
        _ => model,
    };

    private static WeightPrecision PrecisionOf(ITransformer model) => model switch
    {
        TransformerChain<ITransformer> chain => PrecisionOf(chain.Last()),
        RecurrentTransformer network => network.Model.Precision,
        LstmLanguageModelTransformer language => language.Model.Precision,
        LstmForecastingTransformer forecaster => forecaster.Model.Precision,
        _ => ((LstmAnomalyDetectionTransformer)model).Model.Precision,
    };

    private sealed class Scored
    {
        public float Score { get; set; }
    }
}
