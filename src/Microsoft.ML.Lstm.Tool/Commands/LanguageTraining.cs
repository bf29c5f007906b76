using System.CommandLine;
using Microsoft.ML.Lstm.Reporting;
using Microsoft.ML.Lstm.Tool.Code;
using Microsoft.ML.Lstm.Tool.Models;
using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm train language</c>: a model that writes.</summary>
internal static class LanguageTraining
{
    /// <summary>Says whether words are learned.</summary>
    public static Option<bool> Words() => new("--words") { Description = "Learn words. Default: characters." };

    public static Command Create()
    {
        var options = new TrainFlags();
        Option<bool> words = Words();
        var command = new Command("language", "Learn to write on a text, as lstm generate then does.") { words };
        options.AddTo(command, "The text.");
        command.Run((parsed, console, cancellation) =>
        {
            TrainOptions train = options.Read(parsed);
            var files = TrainingResult.Prepare(train, LanguageCode.Name);
            var ml = new MLContext(train.Seed);
            TextLine[] lines = TextLine.Read(train.Path);
            // Later lines are held out: chosen at random, they would be told by their neighbours.
            int held = Math.Clamp((int)(lines.Length * train.TestFraction), 1, lines.Length - 1);
            IDataView known = ml.Data.LoadFromEnumerable(lines[..^held]), test = ml.Data.LoadFromEnumerable(lines[^held..]);
            IEstimator<ITransformer> tokens = parsed.GetValue(words)
                ? ml.Transforms.Text.TokenizeIntoWords("Tokens", nameof(TextLine.Text))
                    .Append(ml.Transforms.Conversion.MapValueToKey("Tokens"))
                : ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", nameof(TextLine.Text), useMarkerCharacters: false);
            var interruption = new Interruption(console, cancellation);
            ITransformer model = TrainingLine.Run<ITransformer>(console.Progress, "Training", train.Epochs, epochDone =>
                tokens.Append(ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options
            {
                InputColumnName = "Tokens",
                EndOfRowToken = "\n",
                HiddenSizes = [train.HiddenSize],
                NumberOfEpochs = train.Epochs,
                Seed = train.Seed,
                EpochDone = epochDone,
                CancellationToken = interruption.NextTraining(),
                KeepWeightsOnCancellation = true,
            })).Fit(known));
            ITransformer[] parts = [.. ModelFiles.Parts(model)];
            IDataView tokenized = parts[..^1].Aggregate(test, (rows, part) => part.Transform(rows));
            var network = (LstmLanguageModelTransformer)parts[^1];
            LanguageModelMetrics metrics = network.Evaluate(tokenized);
            ReportPage page = network.CreateReport(metrics, $"Language model of {Path.GetFileName(train.Path)}");
            page.Add(new ReportSection("Data")
                .Text(FormattableString.Invariant($"'{Path.GetFileName(train.Path)}': {lines.Length} lines of {lines.Average(line => line.Text.Length):F1} characters on average, read as {(parsed.GetValue(words) ? "words" : "characters")}.")))
                .AddHow("The last lines are held out for the metrics: chosen at random, they would be told by their neighbours.", known,
                    test, CommandText.Of(parsed));
            new TrainingResult(RowMetrics.OfText(metrics), stream => ml.Model.Save(model, known.Schema, stream), page,
                LanguageCode.Project(train, parsed.GetValue(words))).Write(console, files);
        });
        return command;
    }
}
