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
    public void Predict_RowsOneByOne_GivesTheBitsOfAllAtOnce(string? group)
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
    public void CheckPoint_Loaded_ResumesWhereItWasSaved()
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
    public void CheckPoint_BeforeTheFirstWindow_KeepsTheRowsSoFar()
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
    public void Predict_TransformsAroundTheWindow_TakePart()
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
    public void CreateSequenceEngine_NoWindow_IsRefused()
    {
        ITransformer model = _ml.Transforms.CopyColumns("Copy", "Value").Fit(_ml.Data.LoadFromEnumerable(_rows));

        var error = Assert.Throws<ArgumentException>(() => model.CreateSequenceEngine<Point, Prediction>(_ml));

        Assert.Contains("0 transformers made by WindowSequence; expected 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateSequenceEngine_WholeWindows_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => Fit(null, horizon: 1).CreateSequenceEngine<Whole, Prediction>(_ml));

        Assert.Contains("'Value' is a vector, a whole window in each row; expected Single", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MissingInWindow.Keep, null)]
    [InlineData(MissingInWindow.Skip, null)]
    [InlineData(MissingInWindow.Skip, 31)]
    public void Predict_HolesMissingValuesAndVectors_GivesTheBitsOfAllAtOnce(MissingInWindow missingValues, int? savedAt)
    {
        ITransformer model = _ml.Transforms.WindowSequence("Window", ["Value", "Pair"], 4, groupColumnName: "Group", timeColumnName: "Time", missingValues: missingValues)
            .Append(_ml.Transforms.CopyColumns("Score", "Window")).Fit(_ml.Data.LoadFromEnumerable(_rows));
        Point[] rows = [.. _rows.Where((_, i) => i is not (20 or 22 or 33))];
        rows[8].Value = missingValues == MissingInWindow.Skip ? float.NaN : 1;
        var batch = _ml.Data.CreateEnumerable<Windowed>(model.Transform(_ml.Data.LoadFromEnumerable(rows)), false).ToDictionary(w => w.Other, w => w.Score);
        SequenceEngine<Point, Windowed> engine = model.CreateSequenceEngine<Point, Windowed>(_ml);

        for (int i = 0; i < rows.Length; i++)
        {
            if (i == savedAt)
            {
                using var stream = new MemoryStream();
                engine.CheckPoint(stream);
                stream.Position = 0;
                engine.Dispose();
                engine = _ml.Model.Load(stream, out _).CreateSequenceEngine<Point, Windowed>(_ml);
            }
            Assert.Equal(batch.GetValueOrDefault(rows[i].Other), engine.Predict(rows[i])?.Score);
        }
        Assert.NotEmpty(batch);
        engine.Dispose();
    }

    [Fact]
    public void Predict_BadRow_IsNamedAndNotTaken()
    {
        ITransformer model = _ml.Transforms.WindowSequence("Window", ["Value"], 2, timeColumnName: "Time")
            .Append(_ml.Transforms.CopyColumns("Score", "Window")).Fit(_ml.Data.LoadFromEnumerable(_rows));
        using SequenceEngine<Point, Windowed> engine = model.CreateSequenceEngine<Point, Windowed>(_ml);
        engine.Predict(_rows[0]);
        engine.Predict(_rows[1]);

        Assert.Contains("'Value' has NaN; expected finite", Assert.Throws<InvalidOperationException>(() => engine.Predict(new Point { Time = _rows[2].Time, Value = float.NaN })).Message, StringComparison.Ordinal);
        Assert.Contains("after 2000-02-01 00:00:00", Assert.Throws<InvalidOperationException>(() => engine.Predict(_rows[1])).Message, StringComparison.Ordinal);
        Assert.Equal([_rows[1].Value, _rows[2].Value], engine.Predict(_rows[2])!.Score);
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("Group")]
    public void Predict_MoreSeriesThanTheMaximum_DropsTheOneHeardOfLeastRecently(string group)
    {
        ITransformer model = _ml.Transforms.WindowSequence("Window", ["Value"], 3, groupColumnName: group)
            .Append(_ml.Transforms.CopyColumns("Score", "Window")).Fit(_ml.Data.LoadFromEnumerable(_rows));
        var kept = new List<(int Series, List<float> Values)>();
        var random = new Random(5);
        SequenceEngine<Point, Windowed> engine = model.CreateSequenceEngine<Point, Windowed>(_ml, maximumSeries: 4);

        for (int i = 0; i < 600; i++)
        {
            int series = random.Next(1 + random.Next(7));
            int place = kept.FindIndex(k => k.Series == series);
            (int Series, List<float> Values) entry = place < 0 ? (series, []) : kept[place];
            if (place >= 0)
                kept.RemoveAt(place);
            entry.Values.Add(i);
            kept.Add(entry);
            if (kept.Count > 4)
                kept.RemoveAt(0);
            Windowed? predicted = engine.Predict(new Point { Name = $"n{series}", Group = series, Value = i });
            Assert.Equal(entry.Values.Count < 3 ? null : entry.Values.TakeLast(3).ToArray(), predicted?.Score);
            if (i % 150 != 149)
                continue;
            using var stream = new MemoryStream();
            engine.CheckPoint(stream);
            stream.Position = 0;
            engine.Dispose();
            engine = _ml.Model.Load(stream, out _).CreateSequenceEngine<Point, Windowed>(_ml, maximumSeries: 4);
        }
        engine.Dispose();
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("Group")]
    public void Predict_RowOfAnotherSeriesThatIsRefused_DropsNoSeries(string group)
    {
        IDataView training = _ml.Data.LoadFromEnumerable(_rows.Select(row => new Timed { Group = row.Group, Name = row.Name, Value = row.Value, Time = row.Time.Ticks }));
        ITransformer model = _ml.Transforms.WindowSequence("Window", ["Value"], 2, groupColumnName: group, timeColumnName: "Time")
            .Append(_ml.Transforms.CopyColumns("Score", "Window")).Fit(training);
        using SequenceEngine<Timed, Windowed> engine = model.CreateSequenceEngine<Timed, Windowed>(_ml, maximumSeries: 2);
        engine.Predict(At(0, 1, 1));
        engine.Predict(At(1, 1, 2));

        for (int i = 2; i < 9; i++)
            Assert.Contains("'Time'", Assert.Throws<InvalidOperationException>(() => engine.Predict(At(i, double.NaN, 0))).Message, StringComparison.Ordinal);

        Assert.Equal([1f, 3], engine.Predict(At(0, 2, 3))!.Score);
        Assert.Equal([2f, 4], engine.Predict(At(1, 2, 4))!.Score);
        Assert.Null(engine.Predict(At(2, 1, 5)));
        Assert.Equal([4f, 6], engine.Predict(At(1, 3, 6))!.Score);

        Timed At(int series, double time, float value) => new() { Group = series, Name = $"n{series}", Time = time, Value = value };
    }

    [Fact]
    public void Predict_ManySeries_KeepsTheMaximum()
    {
        ITransformer model = _ml.Transforms.WindowSequence("Window", ["Value"], 20, groupColumnName: "Group")
            .Append(_ml.Transforms.CopyColumns("Score", "Window")).Fit(_ml.Data.LoadFromEnumerable(_rows));
        using SequenceEngine<Point, Windowed> engine = model.CreateSequenceEngine<Point, Windowed>(_ml, maximumSeries: 10);
        for (int i = 0; i < 1000; i++)
            engine.Predict(new Point { Group = i });
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int i = 1000; i < 201_000; i++)
            engine.Predict(new Point { Group = i });

        // Kept, they would take more than 40 MB; what other tests allocate meanwhile is less than this.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 << 20);
    }

    [Fact]
    public void Predict_WhileAnotherCallRuns_Throws()
    {
        ITransformer model = Fit(null, horizon: 1);
        SequenceEngine<Reentrant, Prediction>? engine = null;
        using SequenceEngine<Reentrant, Prediction> running = model.CreateSequenceEngine<Reentrant, Prediction>(_ml);
        engine = running;
        Exception? inner = null;

        running.Predict(new Reentrant { During = () => inner = Record.Exception(() => Task.Run(() => engine.Predict(new Reentrant())).GetAwaiter().GetResult()) });

        Assert.IsType<InvalidOperationException>(inner);
        Assert.Contains("SequenceEngine is in use by another call; expected one call at a time. It is not thread-safe: each thread needs one of its own", inner.Message, StringComparison.Ordinal);
        running.Predict(new Reentrant());
    }

    [Fact]
    public void Predict_AfterDispose_Throws()
    {
        SequenceEngine<Point, Prediction> engine = Fit(null, horizon: 1).CreateSequenceEngine<Point, Prediction>(_ml);
        engine.Dispose();
        engine.Dispose();

        Assert.Throws<ObjectDisposedException>(() => engine.Predict(_rows[0]));
        Assert.Throws<ObjectDisposedException>(() => engine.CheckPoint(new MemoryStream()));
    }

    [Fact]
    public void CreateSequenceEngine_MaximumBelowOne_IsNamed() =>
        Assert.StartsWith("maximumSeries is 0", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(null, 1).CreateSequenceEngine<Point, Prediction>(_ml, 0)).Message, StringComparison.Ordinal);

    private TransformerChain<LstmRegressionTransformer> Fit(string? group, int horizon) =>
        _ml.Transforms.WindowSequence("Window", ["Value", "Other"], Length, horizon, "Future", groupColumnName: group)
            .Append(_ml.Regression.Trainers.LstmRegressor("Future", "Window", numberOfEpochs: 2)).Fit(_ml.Data.LoadFromEnumerable(_rows));

    private IEnumerable<Scored> Windows(ITransformer model) =>
        _ml.Data.CreateEnumerable<Scored>(model.Transform(_ml.Data.LoadFromEnumerable(_rows)), reuseRowObject: false);

    private sealed class Prediction
    {
        public float Score { get; set; }
    }

    private sealed class Windowed
    {
        public float Other { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Timed
    {
        public string Name { get; set; } = "";

        public int Group { get; set; }

        public double Time { get; set; }

        public float Value { get; set; }
    }

    // Its value is read while the engine runs.
    private sealed class Reentrant
    {
        [NoColumn]
        public Action? During { get; set; }

        public float Value
        {
            get
            {
                During?.Invoke();
                return 1;
            }
            set => _ = value;
        }

        public float Other { get; set; }
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
