using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Windowing;

public class WindowSequenceTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public void WindowSequence_AnyGeometry_KeepsToWhatEveryEstimatorKeepsTo(int horizon, int stride)
    {
        var estimator = _ml.Transforms.WindowSequence("Window", ["Value", "Other"], 5, horizon, horizon > 0 ? "Future" : null, stride, "Group");
        string[] series = ["Value", "Other", "Group"];

        CheckEstimator.Run(_ml, estimator, Load(Series.Wave(40)), series, ["Value", "Other"], rowsAhead: 2 * (5 + horizon) - 1);
    }

    [Theory]
    [InlineData(MissingInWindow.Refuse)]
    [InlineData(MissingInWindow.Keep)]
    public void WindowSequence_TimeAndVectors_KeepsToWhatEveryEstimatorKeepsTo(MissingInWindow missingValues)
    {
        var estimator = _ml.Transforms.WindowSequence("Window", ["Value", "Pair"], 5, 2, "Future", 1, "Group", labelInputColumnNames: ["Value", "Other"],
            timeColumnName: "Time", timeStep: TimeStep.OfMonths(2), missingValues: missingValues);

        CheckEstimator.Run(_ml, estimator, Load(Series.Wave(40)), ["Value", "Group"], ["Value", "Pair"], rowsAhead: 2 * 7 - 1);
    }

    [Fact]
    public void Transform_OneSeries_WindowsHoldTheLatestValuesAndLabelsTheNext()
    {
        Window[] windows = Slide(Numbers(1, 2, 3, 4, 5, 6, 7), 3, 2);

        Assert.Equal(["1,2,3>4,5", "2,3,4>5,6", "3,4,5>6,7"], windows.Select(Text));
    }

    [Fact]
    public void Transform_Stride_SkipsWindows() =>
        Assert.Equal(["1,2>3", "4,5>6"], Slide(Numbers(1, 2, 3, 4, 5, 6, 7, 8), 2, 1, stride: 3).Select(Text));

    [Fact]
    public void Transform_InterleavedGroups_DoNotMix()
    {
        Point[] rows = [P("a", 1), P("b", 10), P("a", 2), P("c", 100), P("b", 20), P("a", 3), P("b", 30), P("a", 4), P("c", 200)];

        Assert.Equal(["1,2>3", "10,20>30", "2,3>4"], Slide(rows, 2, 1, group: "Name").Select(Text));
    }

    [Fact]
    public void Transform_SeveralSeries_LabelMayBeOfAny()
    {
        IDataView data = Transform(Numbers(1, 2, 3, 4), _ml.Transforms.WindowSequence("Window", ["Value", "Other"], 2, 2, "Future", labelInputColumnName: "Other"));

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2, 2), data.Schema["Window"].Type);
        Assert.Equal("1,-1,2,-2 | -3,-4", RowValues.Read(data, "Window", "Future").Single());
    }

    [Theory]
    [InlineData(100_000_000, 1)]
    [InlineData(100_000_000, 3)]
    public void Transform_WindowOfHugeLength_CostsNothingBeforeThereAreRows(int length, int series)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Long() });
        WindowSequenceEstimator estimator = _ml.Transforms.WindowSequence("Window", [.. new[] { "Value", "Other", "Third" }.Take(series)], length, 2, "Next");
        long before = GC.GetAllocatedBytesForCurrentThread();

        IDataView windows = estimator.Fit(data).Transform(data);

        Assert.Equal(length * series, ((VectorDataViewType)windows.Schema["Window"].Type).Size);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Transform_Label_IsScalarOrNamesItsSlots()
    {
        Assert.Equal(NumberDataViewType.Single, Transform(Numbers(1, 2, 3), _ml.Transforms.WindowSequence("W", ["Value"], 2, 1, "Future")).Schema["Future"].Type);

        VBuffer<ReadOnlyMemory<char>> names = default;
        Transform(Numbers(1, 2, 3, 4), _ml.Transforms.WindowSequence("W", ["Value"], 2, 2, "Future")).Schema["Future"].Annotations.GetValue("SlotNames", ref names);
        Assert.Equal(["Future+1", "Future+2"], names.DenseValues().Select(n => n.ToString()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Transform_OtherColumns_HaveTheValuesOfTheWindowsLastRow(int horizon)
    {
        Point[] rows = Series.Wave(12);
        IDataView data = Transform(rows, _ml.Transforms.WindowSequence("Window", ["Value"], 3, horizon, horizon > 0 ? "Future" : null, groupColumnName: "Group"));

        List<Seen> seen = [.. _ml.Data.CreateEnumerable<Seen>(data, reuseRowObject: false)];

        Assert.NotEmpty(seen);
        foreach (Seen row in seen)
        {
            Point last = rows.Single(r => r.Name == row.Name);
            Assert.Equal((last.Group, last.Time, last.Value, last.Other), (row.Group, row.Time, row.Value, row.Other));
            Assert.Equal(last.Pair, row.Pair);
            Assert.Equal(last.Value, row.Window[^1]);
        }
        Assert.Equal(rows.Where(r => r.Group == 0).Skip(2).Take(4 - horizon).Select(r => r.Name), seen.Where(r => r.Group == 0).Select(r => r.Name));
    }

    [Theory]
    [InlineData(10, 3, 2, 1)]
    [InlineData(10, 3, 2, 4)]
    [InlineData(5, 3, 2, 9)]
    public void GetRowCount_OneSeries_IsToldBeforeReading(int rows, int length, int horizon, int stride)
    {
        IDataView data = Transform(Series.Wave(rows), _ml.Transforms.WindowSequence("W", ["Value"], length, horizon, "Future", stride));

        Assert.Equal(RowValues.Read(data).Length, data.GetRowCount());
    }

    [Fact]
    public void Transform_LongSeries_SlidesThroughBuffersThatAreMoved()
    {
        Window[] windows = Slide(Numbers([.. Enumerable.Range(0, 1000).Select(i => (float)i)]), 7, 3);

        Assert.Equal(991, windows.Length);
        for (int i = 0; i < windows.Length; i++)
        {
            Assert.Equal(Enumerable.Range(i, 7).Select(v => (float)v), windows[i].Values);
            Assert.Equal(Enumerable.Range(i + 7, 3).Select(v => (float)v), windows[i].Future);
        }
    }

    [Fact]
    public void Transform_GivenWindows_PassesThemOnRowToRow()
    {
        ITransformer fitted = _ml.Transforms.WindowSequence("Window", ["Value", "Other"], 3, 2, "Future").Fit(Load(Series.Wave(20)));
        Whole[] rows = [new() { Value = [1, 2, 3], Other = [4, 5, 6] }, new() { Value = [7, 8, 9], Other = [0, 0, 1] }];

        IDataView data = fitted.Transform(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal(["1,4,2,5,3,6", "7,0,8,0,9,1"], RowValues.Read(data, "Window"));
        Assert.Null(data.Schema.GetColumnOrNull("Future"));
        Assert.Equal(2, data.GetRowCount());
        using PredictionEngine<Whole, Window> engine = _ml.Model.CreatePredictionEngine<Whole, Window>(fitted);
        Assert.Equal([1, 4, 2, 5, 3, 6], engine.Predict(rows[0]).Values);
    }

    private Window[] Slide(Point[] rows, int length, int horizon, int stride = 1, string? group = null)
    {
        IDataView data = Transform(rows, _ml.Transforms.WindowSequence("Window", ["Value"], length, horizon, "Future", stride, group));
        return horizon == 1
            ? [.. _ml.Data.CreateEnumerable<OneAhead>(data, false).Select(w => new Window { Values = w.Values, Future = [w.Future] })]
            : [.. _ml.Data.CreateEnumerable<Window>(data, false)];
    }

    private IDataView Transform(Point[] rows, WindowSequenceEstimator estimator) => estimator.Fit(Load(rows)).Transform(Load(rows));

    private IDataView Load(Point[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private static Point[] Numbers(params float[] values) => [.. values.Select(v => new Point { Value = v, Other = -v })];

    private static Point P(string name, float value) => new() { Name = name, Value = value };

    private static string Text(Window window) => $"{string.Join(",", window.Values)}>{string.Join(",", window.Future)}";

    private sealed class Window
    {
        [ColumnName("Window")]
        public float[] Values { get; set; } = [];

        public float[] Future { get; set; } = [];
    }

    private sealed class OneAhead
    {
        [ColumnName("Window")]
        public float[] Values { get; set; } = [];

        public float Future { get; set; }
    }

    private sealed class Seen
    {
        public string Name { get; set; } = "";

        public int Group { get; set; }

        public DateTime Time { get; set; }

        public float Value { get; set; }

        public float Other { get; set; }

        public float[] Pair { get; set; } = [];

        public float[] Window { get; set; } = [];
    }

    private sealed class Whole
    {
        [VectorType(3)]
        public float[] Value { get; set; } = [];

        public float[] Other { get; set; } = [];
    }

    private sealed class Long
    {
        public float Value { get; set; }

        public float Other { get; set; }

        public float Third { get; set; }
    }
}
