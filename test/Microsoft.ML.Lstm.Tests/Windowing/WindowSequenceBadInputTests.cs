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
    public void Arguments_out_of_range_are_named(string expected, int length, int horizon, string? label, int stride)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.WindowSequence("Window", ["Value"], length, horizon, label, stride));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_input_column_is_an_error() =>
        Assert.Contains("inputColumnNames", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.WindowSequence("Window", [], 3)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Nothing", "Could not find input column 'Nothing'; the data has 'Name', 'Group'")]
    [InlineData("Group", "input column 'Group': expected Single, a series, or Vector<Single, 3>, one window, got Int32; Conversion.ConvertType(\"Group\")")]
    [InlineData("Name", "input column 'Name': expected Single")]
    [InlineData("Pair", "input column 'Pair': expected Single, a series, or Vector<Single, 3>, one window, got Vector<Single, 2>")]
    public void A_column_that_is_no_series_is_named(string column, string expected)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(10));
        var estimator = _ml.Transforms.WindowSequence("Window", [column], 3);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("inputSchema", error.ParamName);
    }

    [Fact]
    public void Scalars_and_vectors_do_not_mix()
    {
        var estimator = _ml.Transforms.WindowSequence("Window", ["Value", "Pair"], 2);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10))));

        Assert.Contains("'Pair': expected Single, as the first input", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_that_cannot_be_compared_is_named()
    {
        var estimator = _ml.Transforms.WindowSequence("Window", ["Value"], 2, groupColumnName: "Time");

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10))));

        Assert.Contains("group column 'Time': expected String, a key, Boolean or a whole number, got DateTime", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_longer_than_the_series_is_an_error_with_both_lengths()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(13));
        IDataView windows = _ml.Transforms.WindowSequence("Window", ["Value"], 12, 2, "Future").Fit(data).Transform(data);

        var error = Assert.Throws<InvalidOperationException>(() => windows.GetColumn<float[]>("Window").ToArray());

        Assert.Contains("'Value' has 13 rows; expected at least 14, the window length (12) plus horizon (2)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_window_of_another_length_is_named()
    {
        ITransformer fitted = _ml.Transforms.WindowSequence("Window", ["Value"], 3).Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10)));
        IDataView windows = fitted.Transform(_ml.Data.LoadFromEnumerable([new Whole { Value = [1, 2, 3] }, new Whole { Value = [1, 2] }]));

        var error = Assert.Throws<InvalidOperationException>(() => windows.GetColumn<float[]>("Window").ToArray());

        Assert.Contains("'Value' has 2 values in row 1; expected 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prediction_engine_over_scalars_points_to_what_works()
    {
        ITransformer fitted = _ml.Transforms.WindowSequence("Window", ["Value"], 3).Fit(_ml.Data.LoadFromEnumerable(Series.Wave(10)));

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.CreatePredictionEngine<Point, Whole>(fitted));

        Assert.Contains("CreateSequenceEngine", error.Message, StringComparison.Ordinal);
        Assert.Contains("Vector<Single, 3>", error.Message, StringComparison.Ordinal);
    }

    private sealed class Whole
    {
        public float[] Value { get; set; } = [];
    }
}
