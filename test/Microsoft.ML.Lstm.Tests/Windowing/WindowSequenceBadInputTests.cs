using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Windowing;

public class WindowSequenceBadInputTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("windowLength is 0", 0, 0, null, 1)]
    [InlineData("windowLength is -3", -3, 0, null, 1)]
    [InlineData("horizon is -1", 3, -1, "Future", 1)]
    [InlineData("labelColumnName is null; expected a name for the column of the next 2 values", 3, 2, null, 1)]
    [InlineData("labelColumnName is Future; expected null, since horizon is 0", 3, 0, "Future", 1)]
    [InlineData("labelColumnName is Window; expected another name", 3, 1, "Window", 1)]
    [InlineData("stride is 0", 3, 0, null, 0)]
    public void WindowSequence_ArgumentOutOfRange_NamesIt(string expected, int length, int horizon, string? label, int stride)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.WindowSequence("Window", ["Value"], length, horizon, label, stride));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WindowSequence_NoInputColumn_NamesTheArgument() =>
        Assert.Contains("inputColumnNames", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.WindowSequence("Window", [], 3)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Nothing", "Could not find input column 'Nothing'; the data has 'Name', 'Group'")]
    [InlineData("Group", "input column 'Group': expected Single or a vector of Single of known size, the values of a step, got Int32; Conversion.ConvertType(\"Group\")")]
    [InlineData("Name", "input column 'Name': expected Single")]
    public void Fit_NotASeries_NamesTheColumn(string column, string expected)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(10));
        var estimator = _ml.Transforms.WindowSequence("Window", [column], 3);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("inputSchema", error.ParamName);
    }

    [Fact]
    public void Fit_GroupOfTimes_NamesTheColumn()
    {
        var estimator = _ml.Transforms.WindowSequence("Window", ["Value"], 2, groupColumnName: "Time");

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10))));

        Assert.Contains("group column 'Time': expected String, a key, Boolean or a whole number, got DateTime", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_SeriesShorterThanTheWindow_SaysBothLengths()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(13));
        IDataView windows = _ml.Transforms.WindowSequence("Window", ["Value"], 12, 2, "Future").Fit(data).Transform(data);

        var error = Assert.Throws<InvalidOperationException>(() => windows.GetColumn<float[]>("Window").ToArray());

        Assert.Contains("'Value' has 13 rows; expected at least 14, the window length (12) plus horizon (2)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_GivenWindowOfAnotherLength_NamesColumnAndRow()
    {
        ITransformer fitted = _ml.Transforms.WindowSequence("Window", ["Value"], 3).Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10)));
        IDataView windows = fitted.Transform(_ml.Data.LoadFromEnumerable([new Whole { Value = [1, 2, 3] }, new Whole { Value = [1, 2] }]));

        var error = Assert.Throws<InvalidOperationException>(() => windows.GetColumn<float[]>("Window").ToArray());

        Assert.Contains("'Value' has 2 values in row 1; expected 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreatePredictionEngine_Scalars_PointsToWhatWorks()
    {
        ITransformer fitted = _ml.Transforms.WindowSequence("Window", ["Value"], 3).Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10)));

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.CreatePredictionEngine<Point, Whole>(fitted));

        Assert.Contains("CreateSequenceEngine", error.Message, StringComparison.Ordinal);
        Assert.Contains("Vector<Single, 3>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_KeysAsInput_NamesMapKeyToVector()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10))).Transform(_ml.Data.LoadFromEnumerable(Series.Wave(10)));
        var estimator = _ml.Transforms.WindowSequence("Window", ["Value", "Key"], 3);

        Assert.Contains("MapKeyToVector(\"Key\")", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("MapKeyToVector(\"Key\")", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(Estimators.Shapes.Of(data.Schema))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_VectorAsLongAsTheWindowWithoutLabel_AsksWhichItIs()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.WindowSequence("Window", ["Pair"], 2).Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10))));

        Assert.Contains("'Pair'", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected wholeWindows to say which", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_VectorAsLabel_AsksForASeries()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.WindowSequence("Window", ["Pair", "Value"], 3, 1, "Next").Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10))));

        Assert.Contains("label input column 'Pair': expected Single (labelInputColumnName", error.Message, StringComparison.Ordinal);
    }

    private sealed class Whole
    {
        public float[] Value { get; set; } = [];
    }
}
