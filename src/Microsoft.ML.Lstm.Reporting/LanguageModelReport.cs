using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Reporting;

namespace Microsoft.ML;

/// <summary>Reports of language models, from the package Microsoft.ML.Lstm.Reporting.</summary>
public static class LanguageModelReport
{
    private const int SampleLength = 400;

    /// <summary>Makes a report of a language model: perplexity, a sample of what it writes, how the training went, what was found,
    /// settings and versions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="metrics">What <see cref="LstmLanguageModelTransformer.Evaluate"/> came to on text that it was not trained on.</param>
    /// <param name="title">What it is called. Default: "Language model".</param>
    /// <example>
    /// <code>
    /// using Microsoft.ML.Lstm.Reporting;
    ///
    /// var tokens = ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", "Text", useMarkerCharacters: false).Fit(trainData);
    /// var writer = ml.Transforms.Text.LstmLanguageModel("Tokens").Fit(tokens.Transform(trainData));
    /// writer.CreateReport(writer.Evaluate(tokens.Transform(testData))).Save("report.html");
    /// </code>
    /// </example>
    public static ReportPage CreateReport(this LstmLanguageModelTransformer model, LanguageModelMetrics metrics,
        string title = "Language model")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(metrics);
        double bits = metrics.CrossEntropy / Math.Log(2), even = Math.Log2(model.Vocabulary.Count);
        var section = new ReportSection("Metrics");
        if (bits >= even)
            section.Notice(Invariant($"It needs as many bits per token as a draw among all {model.Vocabulary.Count} tokens alike, or more: train longer, or on more text."));
        section.Table("On text held out", ["metric", "value"],
        [
            ["perplexity", Invariant($"{metrics.Perplexity:G4}")], ["bits per token", Invariant($"{bits:G4}")],
            ["bits of a draw among all tokens", Invariant($"{even:G4}")],
            ["tokens", Invariant($"{metrics.TokenCount}")], ["unknown tokens", Invariant($"{metrics.UnknownTokenCount}")],
            ["vocabulary", Invariant($"{model.Vocabulary.Count}")],
        ]);
        return new ReportPage(title,
            Invariant($"Perplexity {metrics.Perplexity:G4} over {Plural.Of(metrics.TokenCount, "token")} that were held out."))
            .Add(section)
            .Add(Sample(model))
            .Add(TrainingSection.Of(model.History, model.Diagnosis))
            .Add(SettingsSection.Of(model.Model));
    }

    // A model whose rows have no end cannot begin by itself.
    private static ReportSection Sample(LstmLanguageModelTransformer model)
    {
        string first = model.Vocabulary.Skip(1).FirstOrDefault(token => !string.IsNullOrWhiteSpace(token), model.Vocabulary[^1]);
        return new ReportSection("What it writes").Text(Invariant($"{SampleLength} tokens after '{first}', at temperature 1:"))
            .Text(first + model.Generate(first, SampleLength, seed: 1));
    }
}
