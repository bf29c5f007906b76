using Microsoft.ML.Lstm.Tagging;

namespace Microsoft.ML.Lstm.Tests.Tagging;

public class EvaluateTagsTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("O O", "")]
    [InlineData("B-A", "0-0 A")]
    [InlineData("B-A I-A O", "0-1 A")]
    [InlineData("B-A B-A", "0-0 A, 1-1 A")]
    [InlineData("B-A I-B", "0-0 A, 1-1 B")]
    [InlineData("I-A I-A", "0-1 A")]
    [InlineData("O I-A B-A I-A I-B", "1-1 A, 2-3 A, 4-4 B")]
    [InlineData("B-A - I-A", "0-0 A, 2-2 A")]
    [InlineData("", "")]
    public void Entities_BioTags_AreReadAsCoNLL2003Does(string tags, string expected)
    {
        string?[] list = [.. tags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(tag => tag == "-" ? null : tag)];

        Assert.Equal(expected, string.Join(", ", EntitySpans.Of(list).OrderBy(s => s.First).Select(s => $"{s.First}-{s.Last} {s.Type}")));
    }

    [Theory]
    [InlineData(true, "O", "B-X")]
    [InlineData(true, "I-X")]
    [InlineData(false, "O")]
    [InlineData(false, "NOUN", "VERB")]
    [InlineData(false, "O", "B-")]
    [InlineData(false, "O", "B-X", "S-X")]
    public void Entities_OtherTagsThanBio_AreNone(bool expected, params string[] tags) => Assert.Equal(expected, EntitySpans.AreBio(tags));

    // Labels: PER 0-1, LOC 3; PER 0, ORG 1-2. Predictions: PER 0-1 right, LOC 2-3 wrong at its start; PER 0 right, nothing for ORG.
    [Fact]
    public void EvaluateTags_BioTags_MeasuresWholeEntities()
    {
        TaggingMetrics metrics = Evaluate(
            ("B-PER I-PER O B-LOC", "B-PER I-PER B-LOC I-LOC"),
            ("B-PER B-ORG I-ORG", "B-PER O O"));

        Assert.Equal((7, 3.0 / 7), (metrics.TokenCount, metrics.TokenAccuracy));
        Assert.Equal(new EntityMetrics(4, 3, 2), metrics.Entities);
        Assert.Equal((2.0 / 3, 0.5, 4.0 / 7), (metrics.Entities!.Precision, metrics.Entities.Recall, metrics.Entities.F1));
        Assert.Equal(["LOC", "ORG", "PER"], metrics.PerEntity.Keys);
        Assert.Equal(new EntityMetrics(2, 2, 2), metrics.PerEntity["PER"]);
        Assert.Equal(new EntityMetrics(1, 1, 0), metrics.PerEntity["LOC"]);
        Assert.Equal((0, 0, 0), (metrics.PerEntity["ORG"].Precision, metrics.PerEntity["ORG"].Recall, metrics.PerEntity["ORG"].F1));
    }

    [Fact]
    public void EvaluateTags_OtherTagsThanBio_HasAccuracyAlone()
    {
        TaggingMetrics metrics = Evaluate(("NOUN VERB", "NOUN NOUN"));

        Assert.Equal(0.5, metrics.TokenAccuracy);
        Assert.Null(metrics.Entities);
        Assert.Empty(metrics.PerEntity);
    }

    [Fact]
    public void EvaluateTags_MorePredictionsThanLabels_NamesTheRow() =>
        Assert.Contains("Column 'PredictedLabel' has 1 tag in row 1; expected 2, one for each of column 'Label'",
            Assert.Throws<InvalidOperationException>(() => Evaluate(("A B", "A B"), ("A B", "A"))).Message, StringComparison.Ordinal);

    [Fact]
    public void EvaluateTags_ColumnMissingOrNoVectorOfKeys_IsNamed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Pair()]);

        Assert.Contains("predicted label column 'Predicted': expected a vector of keys",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.EvaluateTags(Mapped(new Pair { Labels = ["A"] }), predictedLabelColumnName: "Predicted")).Message, StringComparison.Ordinal);
        Assert.Contains("'Label'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.EvaluateTags(data)).Message, StringComparison.Ordinal);
    }

    private TaggingMetrics Evaluate(params (string Labels, string Predicted)[] rows) =>
        _ml.MulticlassClassification.EvaluateTags(Mapped([.. rows.Select(r => new Pair { Labels = r.Labels.Split(' '), Predicted = r.Predicted.Split(' ') })]));

    private IDataView Mapped(params Pair[] rows)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label", "Labels").Append(_ml.Transforms.Conversion.MapValueToKey("PredictedLabel", "Predicted")).Fit(data).Transform(data);
    }

    private sealed class Pair
    {
        public string[] Labels { get; set; } = [];

        public string[] Predicted { get; set; } = [];
    }
}
