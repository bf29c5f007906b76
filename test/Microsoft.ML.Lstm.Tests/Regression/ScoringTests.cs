using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Regression;

public class ScoringTests
{
    private readonly MLContext _ml = new(1);
    private readonly LstmRegressionTransformer _model;
    private readonly Example[] _rows = Series.Examples(200, seed: 3);
    private readonly float[] _scores;

    public ScoringTests()
    {
        _model = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { NumberOfEpochs = 2, Seed = 1, HiddenSizes = [16, 8] })
            .Fit(_ml.Data.LoadFromEnumerable(Series.Examples(100)));
        _scores = [.. _model.Transform(_ml.Data.LoadFromEnumerable(_rows)).GetColumn<float>("Score")];
    }

    [Fact]
    public void One_row_at_a_time_gives_the_bits_of_all_at_once()
    {
        using PredictionEngine<Example, Prediction> engine = _ml.Model.CreatePredictionEngine<Example, Prediction>(_model);

        Assert.Equal(_scores, _rows.Select(row => engine.Predict(row).Score));
    }

    [Fact]
    public void Threads_share_a_model()
    {
        float[][] scores = new float[8][];

        Parallel.For(0, scores.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 2 == 0)
            {
                scores[i] = [.. _model.Transform(_ml.Data.LoadFromEnumerable(_rows)).GetColumn<float>("Score")];
                return;
            }
            using PredictionEngine<Example, Prediction> engine = _ml.Model.CreatePredictionEngine<Example, Prediction>(_model);
            scores[i] = [.. _rows.Select(row => engine.Predict(row).Score)];
        });

        Assert.All(scores, s => Assert.Equal(_scores, s));
    }

    [Fact]
    public void A_row_costs_no_memory()
    {
        IDataView scored = _model.Transform(new RepeatedRow(_ml.Data.LoadFromEnumerable(_rows)));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<float> getter = cursor.GetGetter<float>(scored.Schema["Score"]);
        float score = 0;
        for (int i = 0; i < 50; i++)
            Assert.True(Read());

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Read();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        bool Read()
        {
            bool moved = cursor.MoveNext();
            getter(ref score);
            return moved;
        }
    }

    [Fact]
    public void Cross_validation_trains_a_model_for_each_fold()
    {
        var trainer = _ml.Regression.Trainers.LstmRegressor(numberOfEpochs: 5, learningRate: 0.01f);

        var folds = _ml.Regression.CrossValidate(_ml.Data.LoadFromEnumerable(Series.Examples(200)), trainer, numberOfFolds: 3);

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.RSquared > 0));
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }

    /// <summary>The first row of a view again and again, which costs nothing by itself.</summary>
    private sealed class RepeatedRow(IDataView source) : IDataView
    {
        public DataViewSchema Schema => source.Schema;

        public bool CanShuffle => false;

        public long? GetRowCount() => null;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(source.GetRowCursor(columnsNeeded, rand));

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

        private sealed class Cursor(DataViewRowCursor first) : DataViewRowCursor
        {
            private long _position = -1;

            public override long Position => _position;

            public override long Batch => 0;

            public override DataViewSchema Schema => first.Schema;

            public override bool MoveNext() => ++_position > 0 || first.MoveNext();

            public override bool IsColumnActive(DataViewSchema.Column column) => first.IsColumnActive(column);

            public override ValueGetter<DataViewRowId> GetIdGetter() => first.GetIdGetter();

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => first.GetGetter<TValue>(column);
        }
    }
}
