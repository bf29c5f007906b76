#!/usr/bin/env dotnet
// A language model of a small text that writes on, in one file: `dotnet run write.cs [text.txt]`. Outside this repository the first line
// below is
// `#:package Microsoft.ML.Lstm@VERSION`.
#:project ../Microsoft.ML.Lstm/Microsoft.ML.Lstm.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Lstm;

string[] text = args.Length > 0 ? File.ReadAllLines(args[0])
    : [.. Enumerable.Repeat<string[]>(["row, row, row your boat", "gently down the stream", "merrily, merrily, merrily, merrily",
        "life is but a dream"], 20).SelectMany(verse => verse)];
var ml = new MLContext(seed: 1);
IDataView lines = ml.Data.LoadFromEnumerable(text.Select(line => new Line { Text = line }));
var tokens = ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", nameof(Line.Text), useMarkerCharacters: false).Fit(lines);
var writer = ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options
{
    InputColumnName = "Tokens",
    EndOfRowToken = "\n",
    HiddenSizes = [48],
    NumberOfEpochs = 15,
    BatchSize = 8,
    StepsPerBatch = 30,
    LearningRate = 0.01f,
    Seed = 1,
}).Fit(tokens.Transform(lines));
Console.WriteLine(writer.Evaluate(tokens.Transform(lines)));
Console.WriteLine(writer.Generate("", length: 200, temperature: 0.5, seed: 1));

internal sealed class Line
{
    public string Text { get; set; } = "";
}
