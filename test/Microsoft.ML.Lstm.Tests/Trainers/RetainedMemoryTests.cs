namespace Microsoft.ML.Lstm.Tests.Trainers;

/// <summary>A transformer gives back what one very long row took.</summary>
[Collection(nameof(RetainedMemoryTests))]
public class RetainedMemoryTests
{
    private const int LongRow = 1_000_000;

    [Fact]
    public void Predict_ShortRowAfterALongOne_KeepsLittle()
    {
        var ml = new MLContext(1);
        var options = new LstmRegressor.Options { HiddenSizes = [4], NumberOfEpochs = 1, NumberOfThreads = 1 };
        Row[] rows = [.. Enumerable.Range(0, 8).Select(i => new Row { Features = [i, i + 1] })];
        ITransformer model = ml.Regression.Trainers.LstmRegressor(options).Fit(ml.Data.LoadFromEnumerable(rows));
        using var engine = ml.Model.CreatePredictionEngine<Row, Scored>(model);
        engine.Predict(rows[0]);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        PredictLongRow(engine);
        engine.Predict(rows[0]);
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(kept, long.MinValue, 24_000_000);
    }

    // A method of its own, lest the row is held by the test's frame.
    private static void PredictLongRow(PredictionEngine<Row, Scored> engine) => engine.Predict(new Row { Features = new float[LongRow] });

    /// <summary>What the process keeps can be told only while nothing else runs.</summary>
    [CollectionDefinition(nameof(RetainedMemoryTests), DisableParallelization = true)]
    public class Alone;

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; } = 1;
    }

    private sealed class Scored
    {
        public float Score { get; set; }
    }
}
