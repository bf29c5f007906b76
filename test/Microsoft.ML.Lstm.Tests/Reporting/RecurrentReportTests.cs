using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Reporting;

namespace Microsoft.ML.Lstm.Tests.Reporting;

/// <summary>Reports of regressors, classifiers, taggers and language models.</summary>
public sealed class RecurrentReportTests
{
    private const string Hostile = "<b>\"&";
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void CreateReport_Classifier_CountsEveryPairOfClasses()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Name)).Fit(View()).Transform(View());
        LstmClassificationTransformer model = _ml.MulticlassClassification.Trainers.LstmClassifier(Quick(new LstmClassifier.Options()))
            .Fit(data);

        XElement page = Parse(model.CreateReport(_ml, data));

        string[] classes = [.. page.Descendants("table").Single(IsMatrix).Descendants("tbody").Single().Elements("tr")
            .Select(row => row.Element("th")!.Value)];
        long[][] counts = Counts(page);
        Assert.Equal(["a", "c", Hostile], classes.Order(StringComparer.Ordinal).OrderBy(name => name == Hostile));
        Row[] rows = Rows();
        string[] predicted = [.. _ml.Transforms.Conversion.MapKeyToValue("Text", "PredictedLabel").Fit(model.Transform(data))
            .Transform(model.Transform(data)).GetColumn<string>("Text")];
        for (int a = 0; a < classes.Length; a++)
            for (int b = 0; b < classes.Length; b++)
                Assert.Equal(rows.Zip(predicted).Count(pair => pair.First.Name == classes[a] && pair.Second == classes[b]), counts[a][b]);
        Assert.Contains("accuracy", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateReport_MoreClassesThanShown_PutsTheRestTogether()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Name)).Fit(View()).Transform(View());
        LstmClassificationTransformer model = _ml.MulticlassClassification.Trainers.LstmClassifier(Quick(new LstmClassifier.Options()))
            .Fit(data);

        XElement page = Parse(model.CreateReport(_ml, data, new RecurrentReportOptions { MaximumClasses = 2 }));

        Assert.Contains("2 others", page.Value, StringComparison.Ordinal);
        Assert.Equal(Rows().Length, Counts(page).Sum(row => row.Sum()));
        Assert.Throws<ArgumentException>(() => model.CreateReport(_ml, data, new RecurrentReportOptions { MaximumClasses = 1 }));
        Assert.ThrowsAny<ArgumentException>(() => model.CreateReport(_ml, data, new RecurrentReportOptions { LabelColumnName = "None" }));
    }

    [Fact]
    public void CreateReport_BinaryClassifier_HasBothClasses()
    {
        LstmBinaryClassificationTransformer model =
            _ml.BinaryClassification.Trainers.LstmBinaryClassifier(Quick(new LstmBinaryClassifier.Options { LabelColumnName =
            nameof(Row.IsUp) })).Fit(View());

        XElement page = Parse(model.CreateReport(_ml, View(), new RecurrentReportOptions { LabelColumnName = nameof(Row.IsUp) }));

        Assert.Equal(Rows().Length, Counts(page).Sum(row => row.Sum()));
        Assert.Contains("True", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateReport_Regressor_HasErrorsBesideTheMean()
    {
        LstmRegressionTransformer model = _ml.Regression.Trainers.LstmRegressor(Quick(new LstmRegressor.Options { LabelColumnName =
            nameof(Row.Value) })).Fit(View());

        XElement page = Parse(model.CreateReport(_ml, View(), new RecurrentReportOptions { LabelColumnName = nameof(Row.Value) }));

        double mae = Rows().Zip(model.Transform(View()).GetColumn<float>("Score"))
            .Average(pair => Math.Abs((double)pair.First.Value - pair.Second));
        Assert.Contains(mae.ToString("G4", CultureInfo.InvariantCulture), page.Value, StringComparison.Ordinal);
        Assert.Contains("MAE of the mean", page.Value, StringComparison.Ordinal);
        Assert.Contains(page.Descendants("h2"), title => title.Value == "Residuals");
    }

    [Fact]
    public void CreateReport_Tagger_HasTagsAndEntities()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Tags)).Fit(View()).Transform(View());
        LstmTaggingTransformer model = _ml.MulticlassClassification.Trainers.LstmTagger(Quick(new LstmTagger.Options())).Fit(data);

        XElement page = Parse(model.CreateReport(_ml, data));

        Assert.Equal(Rows().Sum(row => row.Tags.Length), Counts(page).Sum(row => row.Sum()));
        Assert.Contains(page.Descendants("caption"), caption => caption.Value == "Entities");
    }

    [Fact]
    public void CreateReport_LanguageModel_HasPerplexityAndASample()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Tokens", nameof(Row.Tags)).Fit(View()).Transform(View());
        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options { InputColumnName =
            "Tokens", HiddenSizes = [4], NumberOfEpochs = 2, BatchSize = 4, StepsPerBatch = 5 }).Fit(data);

        XElement page = Parse(model.CreateReport(model.Evaluate(data), Hostile));

        Assert.Contains("perplexity", page.Value, StringComparison.Ordinal);
        Assert.Contains(page.Descendants("h2"), title => title.Value == "What it writes");
    }

    [Fact]
    public void Code_HostileText_IsShownAsItIs()
    {
        string html = new ReportPage("One").Add(new ReportSection("Two").Code($"a\n{Hostile}")).ToHtml();
        Assert.Contains("<code>a\n&lt;b&gt;&quot;&amp;</code>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfusionMatrix_CountsOfAnotherSize_NamesBoth() =>
        Assert.Contains("3 x 2; expected 2 x 2", Assert.Throws<ArgumentException>(() =>
            new ReportSection("One").ConfusionMatrix("Caption", ["a", "b"], new long[3, 2])).Message, StringComparison.Ordinal);

    private static T Quick<T>(T options)
        where T : RecurrentTrainerOptions
    {
        (options.FeatureColumnName, options.HiddenSizes, options.NumberOfEpochs, options.Seed) = (nameof(Row.Values), [4], 2, 1);
        return options;
    }

    private static XElement Parse(ReportPage page)
    {
        string html = page.ToHtml();
        Assert.DoesNotContain(Hostile, html, StringComparison.Ordinal);
        Assert.DoesNotMatch(new Regex("(src|href)=\"(?!#)", RegexOptions.IgnoreCase), html);
        foreach (string section in (string[])["Metrics", "Training and findings", "Settings and versions"])
            Assert.Contains($">{section}</h2>", html, StringComparison.Ordinal);
        return XElement.Parse(html[html.IndexOf("<body", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)]);
    }

    private static bool IsMatrix(XElement table) => (string?)table.Attribute("class") == "matrix";

    private static long[][] Counts(XElement page) =>
        [.. page.Descendants("table").Single(IsMatrix).Descendants("tbody").Single().Elements("tr")
        .Select(row => row.Elements("td").Select(cell => long.Parse(cell.Value, CultureInfo.InvariantCulture)).ToArray())];

    private IDataView View() => _ml.Data.LoadFromEnumerable(Rows());

    private static Row[] Rows() => [.. Enumerable.Range(0, 40).Select(i => new Row
    {
        Name = (i % 3) switch { 0 => "a", 1 => Hostile, _ => "c" },
        IsUp = i % 2 == 0,
        Value = i % 5,
        Values = [i % 3, i % 2, i % 5],
        Tags = ["O", i % 2 == 0 ? "B-X" : "O", i % 2 == 0 ? "I-X" : "B-Y"],
    })];

    private sealed class Row
    {
        public string Name { get; set; } = "";

        public bool IsUp { get; set; }

        public float Value { get; set; }

        [VectorType(3)]
        public float[] Values { get; set; } = [];

        public string[] Tags { get; set; } = [];
    }
}
