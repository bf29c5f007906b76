namespace Microsoft.ML.Lstm.Tests.Tagging;

public class TaggerBadInputTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Fit_LabelsOfAnotherLength_NamesTheRow()
    {
        Tagged[] rows = Prices.Sentences(5);
        (rows[3].Words, rows[3].Tags) = (["ten", "euros"], ["O", "O", "O"]);

        Assert.Contains("Column 'Label' has 3 labels in row 3; expected 2, one for each step of column 'Features'", FitError<InvalidOperationException>(rows), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_NoRowsOrOneClass_IsRefused()
    {
        Assert.Contains("The training data has 0 rows in the columns 'Features' and 'Label'", FitError<InvalidOperationException>([]), StringComparison.Ordinal);
        Assert.Contains("Column 'Label' has the class 'O' in all 4 labelled steps",
            FitError<InvalidOperationException>([new() { Words = ["ten", "apples"], Tags = ["O", "O"] }, new() { Words = ["six", "apples"], Tags = ["O", "O"] }]), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OneLabelForTheWholeSequence_IsRefused()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("One", "Weight").Fit(Prices.Keys(_ml, Prices.Sentences(5))).Transform(Prices.Keys(_ml, Prices.Sentences(5)));
        LstmTagger.Options options = Prices.Quick();
        options.LabelColumnName = "One";

        string error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.LstmTagger(options).Fit(data)).Message;

        Assert.Contains("label column 'One': expected a vector of keys, one for each step", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ValidationDataWithOtherClasses_IsRefused()
    {
        IDataView data = Prices.Keys(_ml, Prices.Sentences(5));
        IDataView other = Prices.Pipeline(_ml).Fit(_ml.Data.LoadFromEnumerable(Prices.Sentences(1))).Transform(_ml.Data.LoadFromEnumerable(Prices.Sentences(5)));

        string error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.LstmTagger(Prices.Quick()).Fit(data, other)).Message;

        Assert.Contains("'Label'", error, StringComparison.Ordinal);
        Assert.Contains("the 3 classes of the training data", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_UnknownWordsAndAWordAlone_AreTagged()
    {
        LstmTaggingTransformer model = _ml.MulticlassClassification.Trainers.LstmTagger(Prices.Quick()).Fit(Prices.Keys(_ml, Prices.Sentences(20)));

        IDataView tagged = model.Transform(Prices.Keys(_ml, new Tagged { Words = ["zebra", "zebra"], Tags = ["O", "O"] }, new Tagged { Words = ["ten"], Tags = ["O"] }));

        Assert.Equal(3, _ml.MulticlassClassification.EvaluateTags(tagged).TokenCount);
    }

    private string FitError<T>(Tagged[] rows)
        where T : Exception => Assert.Throws<T>(() => _ml.MulticlassClassification.Trainers.LstmTagger(Prices.Quick()).Fit(Prices.Keys(_ml, rows))).Message;
}
