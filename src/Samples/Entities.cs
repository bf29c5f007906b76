using Microsoft.ML;
using Microsoft.ML.Lstm;
using Samples.Shared;
using Spectre.Console;

namespace Samples;

/// <summary>
/// Dates and amounts of money found in sentences that a small grammar makes, with the right tags for certain. A number alone says nothing: "5" may be
/// a day, a sum or a room, and which one shows in the words around it.
/// </summary>
internal sealed class Entities : ISample
{
    private static readonly string[] Months = ["January", "March", "May", "July", "October", "December"], Currencies = ["euros", "dollars", "pounds"];
    private static readonly string[] People = ["Ada", "Bruno", "Chidi", "Mei"], Things = ["rent", "invoice", "ticket", "loan"];

    public string Name => "entities";

    public string Description => "Tag dates and amounts of money in sentences, and measure entity F1.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView train = ml.Data.LoadFromEnumerable(Sentences(context.Quick ? 500 : 2000, seed: 1)), test = ml.Data.LoadFromEnumerable(Sentences(500, seed: 2));
        int epochs = context.Quick ? 6 : 10;
        var model = TrainingBar.Run(epochs, report => ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Sentence.Text))
            .Append(ml.Transforms.Conversion.MapValueToKey("Words"))
            .Append(ml.Transforms.Text.TokenizeIntoWords("Label", nameof(Sentence.Tags)))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.LstmTagger(new LstmTagger.Options
            {
                FeatureColumnName = "Words",
                HiddenSizes = [32],
                EmbeddingSize = 16,
                NumberOfEpochs = epochs,
                LearningRate = 0.01f,
                EpochDone = report,
                CancellationToken = context.Cancellation,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel")).Fit(train));

        TaggingMetrics metrics = ml.MulticlassClassification.EvaluateTags(model.Transform(test));
        var table = new Table().AddColumns("entity", "precision", "recall", "F1");
        foreach ((string type, EntityMetrics found) in metrics.PerEntity)
            table.AddRow(type, Text(found.Precision), Text(found.Recall), Text(found.F1));
        table.AddRow("all", Text(metrics.Entities!.Precision), Text(metrics.Entities.Recall), Text(metrics.Entities.F1));
        AnsiConsole.Write(table);
        Console.WriteLine(FormattableString.Invariant($"{metrics.TokenAccuracy:P2} of {metrics.TokenCount} words are tagged right."));

        string zip = context.OutputFile("entities.zip");
        ml.Model.Save(model, train.Schema, zip);
        using var engine = ml.Model.CreatePredictionEngine<Sentence, Tagged>(ml.Model.Load(zip, out _));
        var example = new Sentence { Text = "Mei pays 25 pounds for room 25 on 25 May" };
        foreach ((string word, string tag) in example.Text.Split(' ').Zip(engine.Predict(example).Predicted))
            Console.WriteLine($"  {word,-8} {tag}");
        return context.Quick || metrics.Entities.F1 >= 0.99;
    }

    private static Sentence[] Sentences(int count, int seed)
    {
        var random = new Random(seed);
        string Number(int most) => random.Next(1, most + 1).ToString();
        string Any(string[] words) => words[random.Next(words.Length)];
        string Date() => random.Next(3) switch
        {
            0 => $"{Number(28)}/B-DATE {Any(Months)}/I-DATE",
            1 => $"{Any(Months)}/B-DATE {Number(28)}/I-DATE 20{random.Next(20, 30)}/I-DATE",
            _ => $"{Any(Months)}/B-DATE",
        };
        string Amount() => random.Next(2) == 0 ? $"{Number(40)}/B-AMOUNT {Any(Currencies)}/I-AMOUNT" : $"{Number(40)}/B-AMOUNT thousand/I-AMOUNT {Any(Currencies)}/I-AMOUNT";
        string One() => random.Next(4) switch
        {
            0 => $"{Any(People)} pays {Amount()} for the {Any(Things)} on {Date()}",
            1 => $"the {Any(Things)} of {Date()} was {Amount()}",
            2 => $"{Any(People)} and {Number(40)} others met in room {Number(40)} on {Date()}",
            _ => $"{Any(People)} pays {Amount()} for room {Number(40)} and {Amount()} for {Number(40)} chairs",
        };
        return [.. Enumerable.Range(0, count).Select(_ => One().Split(' ').Select(word => word.Split('/')).ToArray()).Select(words => new Sentence
        {
            Text = string.Join(' ', words.Select(word => word[0])),
            Tags = string.Join(' ', words.Select(word => word.Length > 1 ? word[1] : "O")),
        })];
    }

    private static string Text(double share) => FormattableString.Invariant($"{share:P2}");

    private sealed class Sentence
    {
        public string Text { get; set; } = "";

        public string Tags { get; set; } = "";
    }

    private sealed class Tagged
    {
        public string[] Predicted { get; set; } = [];
    }
}
