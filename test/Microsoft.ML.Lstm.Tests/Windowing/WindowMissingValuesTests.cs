using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Windowing;

public class WindowMissingValuesTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("Value", "Column 'Value' has NaN in row 17 of series '1'")]
    [InlineData("Other", "Column 'Other' has NaN in row 17 of series '1'")]
    [InlineData("Pair", "Column 'Pair' has Infinity as 'Pair.1' in row 17 of series '1'")]
    public void Transform_MissingValue_NamesSourceColumnAndRow(string column, string expected)
    {
        IDataView windows = Slide(Broken(30, column, 17), 5, 2, 1, MissingInWindow.Refuse);

        foreach (Action read in new Action[] { () => Estimators.RowValues.Read(windows), () => _ml.Regression.Trainers.LstmRegressor("Next", "Window", numberOfEpochs: 1).Fit(windows) })
        {
            string message = Assert.ThrowsAny<InvalidOperationException>(read).Message;
            Assert.Contains(expected, message, StringComparison.Ordinal);
            Assert.Contains("missingValues is Skip", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(4, 3, 2)]
    [InlineData(2, 0, 3)]
    public void Transform_Skip_LeavesOutExactlyTheWindowsWithMissingValues(int length, int horizon, int stride)
    {
        Point[] rows = Series.Wave(80);
        foreach (int row in new[] { 3, 4, 20, 41, 79 })
            rows[row].Value = float.NaN;
        foreach (int row in new[] { 8, 55 })
            rows[row].Other = float.PositiveInfinity;

        IEnumerable<string> kept = Names(Slide(rows, length, horizon, stride, MissingInWindow.Keep, "Other"), finite: true);
        IDataView skipped = Slide(rows, length, horizon, stride, MissingInWindow.Skip, "Other");

        Assert.NotEmpty(kept);
        Assert.Equal(kept, Names(skipped, finite: false));
        Assert.Equal(kept.Count(), Estimators.RowValues.Read(skipped, "Name").Length);
    }

    [Fact]
    public void Fit_Skip_SaysOnceHowManyWereLeftOut()
    {
        var warnings = new ChannelWarnings(_ml);

        _ml.Transforms.WindowSequence("Window", ["Value"], 4, 1, "Next", missingValues: MissingInWindow.Skip)
            .Append(_ml.Regression.Trainers.LstmRegressor("Next", "Window", numberOfEpochs: 1)).Fit(_ml.Data.LoadFromEnumerable(Broken(40, "Value", 20)));

        Assert.Contains("5 windows with missing values left out of 36; the first such value: Column 'Value' has NaN in row 20.",
            Assert.Single(warnings.Messages, m => m.Contains("left out", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_EveryWindowHasAMissingValue_SaysSo()
    {
        Point[] rows = Series.Wave(20);
        for (int i = 0; i < rows.Length; i += 3)
            rows[i].Value = float.NaN;

        var error = Assert.Throws<InvalidOperationException>(() => Slide(rows, 4, 1, 1, MissingInWindow.Skip).GetColumn<string>("Name").Count());

        Assert.Contains("No window of column 'Value' is complete, with missing values, the first: Column 'Value' has NaN in row 0", error.Message, StringComparison.Ordinal);
    }

    private IDataView Slide(Point[] rows, int length, int horizon, int stride, MissingInWindow missingValues, string? label = null)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.WindowSequence("Window", label is null ? ["Value", "Other", "Pair"] : ["Value"], length, horizon, horizon > 0 ? "Next" : null, stride, "Group",
            horizon > 0 ? label : null, missingValues: missingValues).Fit(data).Transform(data);
    }

    private static Point[] Broken(int rows, string column, int row)
    {
        Point[] points = Series.Wave(rows);
        switch (column)
        {
            case "Value": points[row].Value = float.NaN; break;
            case "Other": points[row].Other = float.NaN; break;
            default: points[row].Pair = [0, float.PositiveInfinity]; break;
        }
        return points;
    }

    private static IEnumerable<string> Names(IDataView windows, bool finite)
    {
        bool hasLabel = windows.Schema.GetColumnOrNull("Next") is { } label && label.Type is VectorDataViewType;
        bool hasScalar = windows.Schema.GetColumnOrNull("Next") is not null && !hasLabel;
        float[][] inputs = [.. windows.GetColumn<float[]>("Window")];
        float[][] labels = hasLabel ? [.. windows.GetColumn<float[]>("Next")] : hasScalar ? [.. windows.GetColumn<float>("Next").Select(v => new[] { v })] : [.. inputs.Select(_ => Array.Empty<float>())];
        return windows.GetColumn<string>("Name").Where((_, i) => !finite || inputs[i].Concat(labels[i]).All(float.IsFinite)).ToArray();
    }
}
