namespace Microsoft.ML.Lstm.Tests.Text;

/// <summary>Metrics print their figures.</summary>
public class MetricsTextTests
{
    [Fact]
    public void ToString_LanguageModelMetrics_HasTheFigures() => Assert.Equal(
        "Perplexity 2.72: 1.0000 nats or 1.4427 bits per token, 0.7213 bits per character; 25.00 % of 4 tokens right, 1 unknown",
        new LanguageModelMetrics(tokens: 4, characters: 8, unknown: 1, hits: 1, lossSum: 4).ToString());

    [Fact]
    public void ToString_TaggingMetrics_HasTheFigures()
    {
        var perEntity = new Dictionary<string, EntityMetrics> { ["PRICE"] = new(LabelledCount: 4, PredictedCount: 2, CorrectCount: 1) };

        Assert.Equal("100.00 % of 1 token right", new TaggingMetrics(1, 1, null).ToString());
        Assert.Equal("50.00 % of 10 tokens right; 4 entities: precision 50.00 %, recall 25.00 %, F1 33.33 %", new TaggingMetrics(10, 5, perEntity).ToString());
    }
}
