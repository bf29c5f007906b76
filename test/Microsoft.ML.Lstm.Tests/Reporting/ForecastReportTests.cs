using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Reporting;

namespace Microsoft.ML.Lstm.Tests.Reporting;

public sealed class ForecastReportTests : IDisposable
{
    private const string Hostile = "<script>alert('x')</script>\" onload=\"y & z";
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("lstm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SaveReport_SeriesWithHostileNames_IsOneSafePageWithEverySection(bool intervals)
    {
        string path = Path.Combine(_folder, "report.html");
        LstmForecastingTransformer model = Fit(intervals, out IDataView data);

        model.SaveReport(_ml, data, path, new ForecastReportOptions { Title = Hostile, TrainData = data });

        string page = File.ReadAllText(path);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\" onload=", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(", page, StringComparison.Ordinal);
        // Nothing is fetched from anywhere.
        Assert.DoesNotMatch(new Regex("(src|href)=\"(?!#)", RegexOptions.IgnoreCase), page);
        Assert.DoesNotContain("url(http", page, StringComparison.OrdinalIgnoreCase);
        foreach (string section in (string[])["Forecast", "Errors by step", "Residuals", "What it rests on", "Training and findings", "Settings and versions"])
            Assert.Contains($">{section}</h2>", page, StringComparison.Ordinal);
        Assert.Equal(intervals, page.Contains("in the interval", StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void ToHtml_WithCharts_IsWellFormedAndEveryIdIsUnique()
    {
        LstmForecastingTransformer model = Fit(intervals: true, out IDataView data);

        string page = model.CreateReport(_ml, data).Add(new ReportSection("Added <b>later</b>").Text("by hand")).ToHtml();

        string body = page[page.IndexOf("<body", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)];
        XElement root = XElement.Parse(body);
        string[] ids = [.. root.DescendantsAndSelf().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (string target in root.Descendants("a").Attributes("href").Select(link => link.Value[1..]))
            Assert.Contains(target, ids);
        Assert.True(root.Descendants().Count(element => element.Name.LocalName == "svg") >= 8);
        Assert.All(root.Descendants("figure"), figure => Assert.False(string.IsNullOrEmpty(figure.Attribute("aria-label")?.Value)));
        Assert.Contains("Added &lt;b&gt;later&lt;/b&gt;", page, StringComparison.Ordinal);
        // Every colour is one of the page, light or dark.
        Assert.DoesNotMatch(new Regex("<svg.*(stroke|fill)[=:]\"?#", RegexOptions.Singleline), body);
    }

    [Fact]
    public void CreateSection_OfASearch_HasEveryTrialAndSaysTheBest()
    {
        _ = Fit(intervals: false, out IDataView data);
        var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 6, Horizon = 3, HiddenSizes = [4], NumberOfEpochs = 3, LearningRate = 0.004f };
        HyperparameterSpace<LstmForecaster.Options> space = new HyperparameterSpace<LstmForecaster.Options>()
            .Add("Rate <b>", [0.001f, 0.002f], (own, rate) => own.LearningRate = rate);

        ForecastSearchResult result = _ml.Forecasting.SearchForecastByLstm(data, options, new ForecastSearchOptions { NumberOfTrials = 3, Seed = 1, Refit = false }, space);
        string page = result.Model.CreateReport(_ml, data, new ForecastReportOptions { Backtest = result.Validation }).Add(result.CreateSection()).ToHtml();

        Assert.Contains(">Search</h2>", page, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"Best: trial {result.Best.Trial}, "), page, StringComparison.Ordinal);
        Assert.Contains(">Rate &lt;b&gt; 0.001</td>", page, StringComparison.Ordinal);
        Assert.Contains(">Rate &lt;b&gt; 0.002</td>", page, StringComparison.Ordinal);
        Assert.Contains(">as given</td>", page, StringComparison.Ordinal);
        Assert.Contains("The best score so far.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateReport_DataWithoutAWholeHorizon_SaysSo()
    {
        LstmForecastingTransformer model = Fit(intervals: true, out _);

        string page = model.CreateReport(_ml, _ml.Data.LoadFromEnumerable(Rows(3))).ToHtml();

        Assert.Contains("No row of the data has a whole horizon after it", page, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateReport_SeriesWilderThanWhatCalibratedItsInterval_SaysSo()
    {
        var random = new Random(1);
        double level = 0;
        Row[] Walk(int count, double size) => [.. Enumerable.Range(0, count).Select(i => new Row { Date = new DateTime(2020, 1, 1).AddDays(i), Value = (float)(level += size * ((2 * random.NextDouble()) - 1)) })];
        LstmForecastingTransformer model = _ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"], TimeColumnName = "Date", WindowSize = 12, Horizon = 4, HiddenSizes = [4], NumberOfEpochs = 1, ValidationFraction = 0.4, Seed = 1, SeasonLength = 1, Logarithms = false,
            ConfidenceLowerBoundColumn = "Lower", ConfidenceUpperBoundColumn = "Upper", ConfidenceLevel = 0.8f, CalendarFeatures = CalendarFeatures.None,
        }).Fit(_ml.Data.LoadFromEnumerable(Walk(300, 1)));

        string calm = model.CreateReport(_ml, _ml.Data.LoadFromEnumerable(Walk(300, 1))).ToHtml(), wild = model.CreateReport(_ml, _ml.Data.LoadFromEnumerable(Walk(300, 3))).ToHtml();

        Match said = Regex.Match(wild, "The 80 % interval covers ([0-9]+) % of what came in these [0-9]+ windows. It was calibrated on ([0-9]+) windows held out at the end of the training, "
            + "which were calmer: here the series moves ([0-9.]+) times as much from row to row. Expect less than 80 %");
        Assert.True(said.Success);
        Assert.InRange(int.Parse(said.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 20, 60);
        Assert.Equal("114", said.Groups[2].Value);
        Assert.InRange(double.Parse(said.Groups[3].Value, System.Globalization.CultureInfo.InvariantCulture), 2.7, 3.3);
        Assert.DoesNotContain("interval covers", calm, StringComparison.Ordinal);
        Assert.Contains("80 %, calibrated on 114 held-out windows", calm, StringComparison.Ordinal);
    }

    private LstmForecastingTransformer Fit(bool intervals, out IDataView data)
    {
        data = _ml.Data.LoadFromEnumerable(Rows(80));
        return _ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            GroupColumnName = "Series",
            TimeColumnName = "Date",
            WindowSize = 12,
            Horizon = 4,
            HiddenSizes = [8],
            NumberOfEpochs = 2,
            ConfidenceLowerBoundColumn = intervals ? "Lower" : null,
            ConfidenceUpperBoundColumn = intervals ? "Upper" : null,
        }).Fit(data);
    }

    private static Row[] Rows(int count) => [.. Enumerable.Range(0, 2 * count).Select(i => new Row
    {
        Series = i % 2 == 0 ? Hostile : "plain",
        Date = new DateTime(2020, 1, 1).AddDays(i / 2),
        Value = (float)(10 + Math.Sin(i / 2 * Math.PI / 3) + ((i * 7 % 11) / 20.0)),
    })];

    private sealed class Row
    {
        public string Series { get; set; } = "";

        public DateTime Date { get; set; }

        public float Value { get; set; }
    }
}
