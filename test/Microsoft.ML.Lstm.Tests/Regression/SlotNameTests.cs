using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Regression;

public class SlotNameTests
{
    [Fact]
    public void Schema_SeveralStepsAhead_NamesTheSlotsOfLabelAndScoreAlike()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(Series.Wave(40));
        var options = new LstmRegressor.Options { LabelColumnName = "Next", FeatureColumnName = "Window", HiddenSizes = [4], NumberOfEpochs = 1 };

        IDataView scored = ml.Transforms.WindowSequence("Window", ["Value"], 6, 3, "Next").Append(ml.Regression.Trainers.LstmRegressor(options)).Fit(data).Transform(data);

        Assert.Equal(["Next+1", "Next+2", "Next+3"], Names("Next"));
        Assert.Equal(Names("Next"), Names("Score"));

        string[] Names(string column)
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            scored.Schema[column].GetSlotNames(ref names);
            return [.. names.DenseValues().Select(name => name.ToString())];
        }
    }
}
