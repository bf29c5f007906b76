using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Windowing;

public class WindowVectorTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Transform_ScalarsAndVectors_MakeTheValuesOfAStep()
    {
        IDataView windows = Slide(Series.Wave(5), _ml.Transforms.WindowSequence("Window", ["Other", "Pair"], 3, 1, "Next"));

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3, 3), windows.Schema["Window"].Type);
        Assert.Equal(["0,0,0,1,1,-1,2,2,-2 | 3", "1,1,-1,2,2,-2,3,3,-3 | 4"], RowValues.Read(windows, "Window", "Next"));
        Assert.Equal(["Other-2", "Pair.0-2", "Pair.1-2", "Other-1", "Pair.0-1", "Pair.1-1", "Other-0", "Pair.0-0", "Pair.1-0"], Slots(windows.Schema["Window"]));
    }

    [Fact]
    public void Transform_OneHotAsLongAsTheWindow_SlidesOverItsRows()
    {
        Point[] rows = Series.Wave(30);
        foreach (Point row in rows)
            row.Name = $"day {row.Other % 7}";
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        data = _ml.Transforms.Categorical.OneHotEncoding("Day", "Name").Fit(data).Transform(data);
        var estimator = _ml.Transforms.WindowSequence("Window", ["Value", "Day"], 7, 1, "Next");

        IDataView windows = estimator.Fit(data).Transform(data);

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 7, 8), windows.Schema["Window"].Type);
        Assert.Equal("Day.day 3-0", Slots(windows.Schema["Window"])[^4]);
        float[] first = windows.GetColumn<float[]>("Window").First();
        for (int t = 0; t < 7; t++)
            for (int day = 0; day < 7; day++)
                Assert.Equal(day == t ? 1 : 0, first[t * 8 + 1 + day]);
        IDataView alone = _ml.Transforms.WindowSequence("Window", ["Day"], 7, 1, "Next", labelInputColumnName: "Value").Fit(data).Transform(data);
        Assert.Equal(23, alone.GetColumn<float[]>("Window").Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_VectorAsLongAsTheWindow_IsWhatWholeWindowsSays(bool whole)
    {
        IDataView windows = Slide(Series.Wave(6), _ml.Transforms.WindowSequence("Window", ["Pair"], 2, wholeWindows: whole));

        Assert.Equal(whole ? 6 : 5, RowValues.Read(windows, "Window").Length);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2, whole ? 1 : 2), windows.Schema["Window"].Type);
    }

    [Fact]
    public void CreatePredictionEngine_VectorsOfWholeWindows_GivesTheBitsOfTransform()
    {
        Point[] rows = Series.Wave(40);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Transforms.WindowSequence("Window", ["Value", "Pair"], 4, 1, "Next")
            .Append(_ml.Regression.Trainers.LstmRegressor("Next", "Window", numberOfEpochs: 1)).Fit(data);

        using PredictionEngine<Whole, Prediction> engine = _ml.Model.CreatePredictionEngine<Whole, Prediction>(model);
        float[] predicted = [.. Enumerable.Range(0, 36).Select(i => engine.Predict(new Whole
        {
            Value = [.. rows[i..(i + 4)].Select(r => r.Value)],
            Pair = [.. rows[i..(i + 4)].SelectMany(r => r.Pair)],
        }).Score)];

        Assert.Equal(model.Transform(data).GetColumn<float>("Score"), predicted);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public void Fit_SeveralTargetSeries_OneModelForecastsThemAll(int horizon, int stride)
    {
        Point[] rows = Series.Wave(60);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var windows = _ml.Transforms.WindowSequence("Window", ["Value", "Other"], 4, horizon, "Next", stride, labelInputColumnNames: ["Other", "Value"]);
        var model = windows.Append(_ml.Regression.Trainers.LstmRegressor("Next", "Window", numberOfEpochs: 2)).Fit(data);

        IDataView made = windows.Fit(data).Transform(data);
        Assert.Equal(rows[4..(4 + horizon)].SelectMany(r => new[] { r.Other, r.Value }), made.GetColumn<float[]>("Next").First());
        Assert.Equal(Enumerable.Range(1, horizon).SelectMany(h => new[] { $"Other+{h}", $"Value+{h}" }), Slots(made.Schema["Next"]));
        Assert.True(WindowAnnotations.TryRead(made.Schema["Next"], out WindowAnnotation annotation));
        Assert.Equal([1, 0], annotation.FeatureIndices);
        using PredictionEngine<Two, Forecast> engine = _ml.Model.CreatePredictionEngine<Two, Forecast>(model);
        Assert.Equal(model.Transform(data).GetColumn<float[]>("Score").First(),
            engine.Predict(new Two { Value = [.. rows[..4].Select(r => r.Value)], Other = [.. rows[..4].Select(r => r.Other)] }).Score);
    }

    [Fact]
    public void CreatePredictionEngine_TwoWindowsInOneChain_PredictsBoth()
    {
        Point[] rows = Series.Wave(60);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        string[] inputs = ["Value", "Other"];
        var model = _ml.Transforms.WindowSequence("A", inputs, 4, 1, "NextValue").Append(_ml.Regression.Trainers.LstmRegressor("NextValue", "A", numberOfEpochs: 1))
            .Append(_ml.Transforms.CopyColumns("First", "Score"))
            .Append(_ml.Transforms.WindowSequence("B", inputs, 4, 1, "NextOther", labelInputColumnName: "Other"))
            .Append(_ml.Regression.Trainers.LstmRegressor("NextOther", "B", numberOfEpochs: 1)).Fit(data);

        using PredictionEngine<Two, Both> engine = _ml.Model.CreatePredictionEngine<Two, Both>(model);
        Both both = engine.Predict(new Two { Value = [.. rows[3..7].Select(r => r.Value)], Other = [.. rows[3..7].Select(r => r.Other)] });

        IDataView all = model.Transform(data);
        Assert.Equal(all.GetColumn<float>("Score").First(), both.Score);
        Assert.Equal(all.GetColumn<float>("First").First(), both.First);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 1, 1)]
    [InlineData(12, 1, 11)]
    [InlineData(12, 4, 3)]
    [InlineData(12, 24, 1)]
    public void TryRead_LabelOfAnyGeometry_SaysHowItWasCut(int horizon, int stride, int gap)
    {
        IDataView windows = Slide(Series.Wave(60), _ml.Transforms.WindowSequence("Window", ["Pair", "Value"], 5, horizon, "Next", stride, "Group", "Value", "Time"));
        IDataView data = _ml.Data.Cache(_ml.Data.TakeRows(_ml.Transforms.CopyColumns("Copy", "Next").Fit(windows).Transform(windows), 3));

        foreach (string column in new[] { "Next", "Copy", "Window" })
        {
            Assert.True(WindowAnnotations.TryRead(data.Schema[column], out WindowAnnotation annotation));
            Assert.Equal(("Window", 3, 5, horizon, stride), (annotation.WindowColumnName, annotation.RowSize, annotation.WindowLength, annotation.Horizon, annotation.Stride));
            Assert.Equal(("Group", "Time", gap), (annotation.GroupColumnName, annotation.TimeColumnName, annotation.LabelGap));
            Assert.Equal(2, annotation.FeatureIndexOf(horizon - 1));
        }
        Assert.False(WindowAnnotations.TryRead(data.Schema["Value"], out _));
    }

    [Fact]
    public void TryRead_LabelThatIsNoInput_HasNoPlaceInTheWindow()
    {
        IDataView windows = Slide(Series.Wave(20), _ml.Transforms.WindowSequence("Window", ["Value"], 5, 1, "Next", labelInputColumnName: "Other"));

        Assert.True(WindowAnnotations.TryRead(windows.Schema["Next"], out WindowAnnotation annotation));
        Assert.Equal([-1], annotation.FeatureIndices);
    }

    private IDataView Slide(Point[] rows, WindowSequenceEstimator estimator)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return estimator.Fit(data).Transform(data);
    }

    private static string[] Slots(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue("SlotNames", ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private sealed class Whole
    {
        [VectorType(4)]
        public float[] Value { get; set; } = [];

        [VectorType(4, 2)]
        public float[] Pair { get; set; } = [];
    }

    private sealed class Two
    {
        [VectorType(4)]
        public float[] Value { get; set; } = [];

        [VectorType(4)]
        public float[] Other { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }

    private sealed class Forecast
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Both
    {
        public float First { get; set; }

        public float Score { get; set; }
    }
}
