using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Trainers;

/// <summary>At steady state a scored row allocates nothing, whichever trainer made the model, whichever column is read and however long the sequence is.</summary>
public sealed class ScoringMemoryTests
{
    private readonly MLContext _ml = new(1);
    private readonly IDataView _rows;

    public ScoringMemoryTests() => _rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Row
    {
        Words = Keys(i),
        Tags = Keys(i),
        Class = (uint)(i % 3) + 1,
        IsTrue = i % 2 == 0,
        Number = i % 3,
        Numbers = [i % 3, 1],
    }));

    [Fact]
    public void Score_Regressor_AllocatesNothingPerRow()
    {
        var one = new LstmRegressor.Options { LabelColumnName = "Number", FeatureColumnName = "Steps", HiddenSizes = [16, 8], NumberOfEpochs = 1 };
        var several = new LstmRegressor.Options { LabelColumnName = "Numbers", FeatureColumnName = "Steps", HiddenSizes = [8], NumberOfEpochs = 1 };

        AssertFree<float>(_ml.Regression.Trainers.LstmRegressor(one).Fit(_rows), "Score");
        AssertFree<VBuffer<float>>(_ml.Regression.Trainers.LstmRegressor(several).Fit(_rows), "Score");
    }

    [Fact]
    public void Score_Classifier_AllocatesNothingPerRow()
    {
        ITransformer model = _ml.MulticlassClassification.Trainers.LstmClassifier("Class", "Words", hiddenSize: 8, numberOfEpochs: 1).Fit(_rows);

        AssertFree<uint>(model, "PredictedLabel");
        AssertFree<VBuffer<float>>(model, "Score");
    }

    [Fact]
    public void Score_BinaryClassifier_AllocatesNothingPerRow()
    {
        ITransformer model = _ml.BinaryClassification.Trainers.LstmBinaryClassifier("IsTrue", "Steps", hiddenSize: 8, numberOfEpochs: 1).Fit(_rows);

        AssertFree<bool>(model, "PredictedLabel");
        AssertFree<float>(model, "Score");
        AssertFree<float>(model, "Probability");
    }

    [Fact]
    public void Score_Tagger_AllocatesNothingPerRow()
    {
        ITransformer model = _ml.MulticlassClassification.Trainers.LstmTagger("Tags", "Words", hiddenSize: 8, numberOfEpochs: 1).Fit(_rows);

        AssertFree<VBuffer<uint>>(model, "PredictedLabel");
        AssertFree<VBuffer<float>>(model, "Score");
    }

    [Fact]
    public void Score_LanguageModel_AllocatesNothingPerRow()
    {
        ITransformer model = _ml.Transforms.Text.LstmLanguageModel("Words", hiddenSize: 8, numberOfEpochs: 1).Fit(_rows);

        AssertFree<uint>(model, "PredictedLabel");
        AssertFree<VBuffer<float>>(model, "Score");
    }

    // Of 2, 5, 8, … keys: the length changes from row to row.
    private static uint[] Keys(int i) => [.. Enumerable.Range(0, 2 + (3 * (i % 5))).Select(step => (uint)((i + step) % 3) + 1)];

    private void AssertFree<T>(ITransformer model, string column)
    {
        IDataView scored = model.Transform(new AlternatingRows(_rows));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema[column]]);
        ValueGetter<T> getter = cursor.GetGetter<T>(scored.Schema[column]);
        T value = default!;
        // By then the blocks that are read ahead are as long as they get.
        for (int i = 0; i < 3000; i++)
            Assert.True(Read());

        // The runtime allocates once where a thread waits for another for the first time, which chance says when; a row would allocate in every pass.
        long least = long.MaxValue;
        for (int pass = 0; pass < 8 && least > 0; pass++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
                Read();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);

        bool Read()
        {
            bool moved = cursor.MoveNext();
            getter(ref value);
            return moved;
        }
    }

    private sealed class Row
    {
        [KeyType(3)]
        public uint[] Words { get; set; } = [];

        [KeyType(3)]
        public uint[] Tags { get; set; } = [];

        [VectorType(3, 2)]
        public float[] Steps { get; set; } = [1, 2, 3, 4, 5, 6];

        [KeyType(3)]
        public uint Class { get; set; }

        public bool IsTrue { get; set; }

        public float Number { get; set; }

        [VectorType(2)]
        public float[] Numbers { get; set; } = [];
    }
}
