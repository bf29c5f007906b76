using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Streaming;

public sealed class SequenceEngineTests : IDisposable
{
    private const int Length = 6;
    private readonly MLContext _ml = new(1);
    private readonly Point[] _rows = Series.Wave(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("lstm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("Group")]
    [InlineData("Name")]
    public void Rows_one_by_one_give_the_bits_of_all_at_once(string? group)
    {
        foreach (Point row in _rows)
            row.Name = $"series {row.Other % 3}";
        ITransformer model = Fit(group, horizon: 1);
        Dictionary<float, float> batch = Windows(model).ToDictionary(w => w.Other, w => w.Score);

        using SequenceEngine<Point, Prediction> engine = model.CreateSequenceEngine<Point, Prediction>(_ml);
        Prediction?[] predicted = [.. _rows.Select(engine.Predict)];

        int groups = group switch { null => 1, "Group" => 2, _ => 3 };
        Assert.Equal((Length - 1) * groups, predicted.TakeWhile(p => p is null).Count());
        Assert.NotEmpty(batch);
        foreach ((Point row, Prediction? prediction) in _rows.Zip(predicted))
            if (batch.TryGetValue(row.Other, out float score))
                Assert.Equal(score, prediction!.Score);
        Assert.NotNull(predicted[^1]);
    }

    [Fact]
    public void A_checkpoint_goes_on_where_it_was_saved()
    {
        ITransformer model = Fit("Group", horizon: 1);
        using SequenceEngine<Point, Prediction> whole = model.CreateSequenceEngine<Point, Prediction>(_ml), first = model.CreateSequenceEngine<Point, Prediction>(_ml);
        foreach (Point row in _rows.Take(25))
        {
            whole.Predict(row);
            first.Predict(row);
        }
        string path = Path.Combine(_folder, "engine.zip");
        first.CheckPoint(path);

        using SequenceEngine<Point, Prediction> second = new MLContext().Model.Load(path, out _).CreateSequenceEngine<Point, Prediction>(_ml);

        foreach (Point row in _rows.Skip(25))
            Assert.Equal(whole.Predict(row)!.Score, second.Predict(row)!.Score);
        Assert.Equal(path, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Fact]
    public void A_checkpoint_before_the_first_window_keeps_the_rows_so_far()
    {
        ITransformer model = Fit(null, horizon: 1);
        using SequenceEngine<Point, Prediction> first = model.CreateSequenceEngine<Point, Prediction>(_ml);
        foreach (Point row in _rows.Take(Length - 1))
            Assert.Null(first.Predict(row));
        using var stream = new MemoryStream();
        first.CheckPoint(stream);
        stream.Position = 0;

        using SequenceEngine<Point, Prediction> second = _ml.Model.Load(stream, out _).CreateSequenceEngine<Point, Prediction>(_ml);

        Assert.NotNull(second.Predict(_rows[Length - 1]));
    }

    [Fact]
    public void Transforms_before_and_after_the_window_take_part()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(_rows);
        ITransformer model = _ml.Transforms.NormalizeMinMax("Scaled", "Value")
            .Append(_ml.Transforms.WindowSequence("Window", ["Scaled"], Length, 1, "Future"))
            .Append(_ml.Regression.Trainers.LstmRegressor("Future", "Window", numberOfEpochs: 1))
            .Append(_ml.Transforms.CopyColumns("Forecast", "Score")).Fit(data);
        float[] batch = [.. model.Transform(data).GetColumn<float>("Forecast")];

        using SequenceEngine<Point, Renamed> engine = model.CreateSequenceEngine<Point, Renamed>(_ml);

        Assert.Equal(batch, _rows.Select(engine.Predict).Where(p => p is not null).Select(p => p!.Forecast).SkipLast(1));
    }

    [Fact]
    public void A_model_without_a_window_is_refused()
    {
        ITransformer model = _ml.Transforms.CopyColumns("Copy", "Value").Fit(_ml.Data.LoadFromEnumerable(_rows));

        var error = Assert.Throws<ArgumentException>(() => model.CreateSequenceEngine<Point, Prediction>(_ml));

        Assert.Contains("0 transformers made by WindowSequence; expected 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_with_whole_windows_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Fit(null, horizon: 1).CreateSequenceEngine<Whole, Prediction>(_ml));

        Assert.Contains("'Value' is a vector, a whole window in each row; expected Single", error.Message, StringComparison.Ordinal);
    }

    private TransformerChain<LstmRegressionTransformer> Fit(string? group, int horizon) =>
        _ml.Transforms.WindowSequence("Window", ["Value", "Other"], Length, horizon, "Future", groupColumnName: group)
            .Append(_ml.Regression.Trainers.LstmRegressor("Future", "Window", numberOfEpochs: 2)).Fit(_ml.Data.LoadFromEnumerable(_rows));

    private IEnumerable<Scored> Windows(ITransformer model) =>
        _ml.Data.CreateEnumerable<Scored>(model.Transform(_ml.Data.LoadFromEnumerable(_rows)), reuseRowObject: false);

    private sealed class Prediction
    {
        public float Score { get; set; }
    }

    private sealed class Renamed
    {
        public float Forecast { get; set; }
    }

    private sealed class Scored
    {
        public float Other { get; set; }

        public float Score { get; set; }
    }

    private sealed class Whole
    {
        [VectorType(Length)]
        public float[] Value { get; set; } = [];

        [VectorType(Length)]
        public float[] Other { get; set; } = [];
    }
}
