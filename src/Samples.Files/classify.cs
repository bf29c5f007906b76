#!/usr/bin/env dotnet
// Which of two kinds a message is of, in one file: `dotnet run classify.cs`. Outside this repository the first line below is
// `#:package Microsoft.ML.Lstm@VERSION`.
#:project ../Microsoft.ML.Lstm/Microsoft.ML.Lstm.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Lstm;
using static System.FormattableString;

string[] things = ["printer", "screen", "invoice", "parcel", "account", "battery"];
string[] good = ["works again, thank you", "is just what I wanted", "arrived early"],
    bad = ["does not work", "never arrived", "is broken, please call"];
var random = new Random(1);
Message[] all = [.. Enumerable.Range(0, 400).Select(i => new Message
{
    Text = $"the {things[random.Next(things.Length)]} {(i % 2 == 0 ? good : bad)[random.Next(3)]}",
    IsComplaint = i % 2 == 1,
})];

var ml = new MLContext(seed: 1);
var split = ml.Data.TrainTestSplit(ml.Data.LoadFromEnumerable(all), testFraction: 0.25, seed: 1);
var model = ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Message.Text))
    .Append(ml.Transforms.Conversion.MapValueToKey("Words"))
    .Append(ml.BinaryClassification.Trainers.LstmBinaryClassifier(new LstmBinaryClassifier.Options
    {
        LabelColumnName = nameof(Message.IsComplaint),
        FeatureColumnName = "Words",
        HiddenSizes = [16],
        EmbeddingSize = 8,
        NumberOfEpochs = 10,
        LearningRate = 0.01f,
        Seed = 1,
    })).Fit(split.TrainSet);

double accuracy = ml.BinaryClassification.Evaluate(model.Transform(split.TestSet), nameof(Message.IsComplaint)).Accuracy;
Console.WriteLine(Invariant($"{accuracy:P1} of the messages held out are told right."));
return accuracy > 0.95 ? 0 : 1;

internal sealed class Message
{
    public string Text { get; set; } = "";

    public bool IsComplaint { get; set; }
}
