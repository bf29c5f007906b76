using System.CommandLine;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm train regress|classify|language</c>: models of whole sequences and of text.</summary>
internal static class TrainCommand
{
    private const string Prediction = "Score", Class = "PredictedLabel";

    public static Command Create() => new("train", "Train a model of sequences or of text, and test it on rows that were held out.") { Rows("regress", "Learn a value from the sequence in each row.", Regress), Rows("classify", "Learn which class the sequence in each row is of.", Classify), Language() };

    private static Command Rows(string name, string description, Func<MLContext, TrainOptions, SequenceColumns, Action<EpochReport>, CancellationToken, IEstimator<ITransformer>> pipeline)
    {
        var options = new TrainFlags();
        var columns = new SequenceFlags();
        var command = new Command(name, description);
        options.AddTo(command, "The CSV: a row for each sequence.");
        columns.AddTo(command);
        command.Run((parsed, console, cancellation) =>
        {
            TrainOptions train = options.Read(parsed);
            var files = new OutputFiles(train.Output, train.Force, TrainOptions.Model);
            bool classify = name == "classify";
            (SequenceColumns sequence, TableView table) = columns.Read(parsed, train.Path, classify);
            console.Say($"Learns '{sequence.Label.Name}' from {(sequence.Text is { } text ? $"the {(sequence.ByCharacters ? "characters" : "words")} of '{text.Name}'" : $"the sequence of {string.Join(", ", sequence.Values.Select(value => $"'{value.Name}'"))}")}. Wrong? --label --text --features --tokens --separator --header --decimal.");
            var ml = new MLContext(train.Seed);
            DataOperationsCatalog.TrainTestData split = ml.Data.TrainTestSplit(table, train.TestFraction, seed: train.Seed);
            var interruption = new Interruption(console, cancellation);
            ITransformer model = TrainingLine.Run<ITransformer>(console.Progress, "Training", train.Epochs, epochDone => pipeline(ml, train, sequence, epochDone, interruption.NextTraining()).Fit(split.TrainSet));
            IDataView scored = model.Transform(split.TestSet);
            (string Name, double Value)[] metrics = classify ? ClassMetrics(ml, scored, sequence) : ValueMetrics(ml, scored, sequence);
            Finish(console, files, metrics, stream => ml.Model.Save(model, table.Schema, stream));
        });
        return command;
    }

    private static Command Language()
    {
        var options = new TrainFlags();
        var words = new Option<bool>("--words") { Description = "Learn words. Default: characters." };
        var command = new Command("language", "Learn to write on a text, as lstm generate then does.") { words };
        options.AddTo(command, "The text.");
        command.Run((parsed, console, cancellation) =>
        {
            TrainOptions train = options.Read(parsed);
            var files = new OutputFiles(train.Output, train.Force, TrainOptions.Model);
            var ml = new MLContext(train.Seed);
            TextLine[] lines = TextLine.Read(train.Path);
            // Later lines are held out: chosen at random, they would be told by their neighbours.
            int held = Math.Clamp((int)(lines.Length * train.TestFraction), 1, lines.Length - 1);
            IDataView known = ml.Data.LoadFromEnumerable(lines[..^held]), test = ml.Data.LoadFromEnumerable(lines[^held..]);
            IEstimator<ITransformer> tokens = parsed.GetValue(words)
                ? ml.Transforms.Text.TokenizeIntoWords("Tokens", nameof(TextLine.Text)).Append(ml.Transforms.Conversion.MapValueToKey("Tokens"))
                : ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", nameof(TextLine.Text), useMarkerCharacters: false);
            var interruption = new Interruption(console, cancellation);
            ITransformer model = TrainingLine.Run<ITransformer>(console.Progress, "Training", train.Epochs, epochDone => tokens.Append(ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options
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
            LanguageModelMetrics metrics = ((LstmLanguageModelTransformer)parts[^1]).Evaluate(tokenized);
            Finish(console, files, [("perplexity", metrics.Perplexity), ("bits per token", metrics.CrossEntropy / Math.Log(2)), ("tokens", metrics.TokenCount), ("unknown tokens", metrics.UnknownTokenCount)],
                stream => ml.Model.Save(model, known.Schema, stream));
        });
        return command;
    }

    private static void Finish(ToolConsole console, OutputFiles files, (string Name, double Value)[] metrics, Action<Stream> save)
    {
        files.Write(TrainOptions.Model, save);
        console.Say($"On what was held out: {string.Join(", ", metrics.Select(metric => FormattableString.Invariant($"{metric.Name} {metric.Value:G4}")))}.");
        console.Say($"Written: {files.Path(TrainOptions.Model)}.");
        console.WriteJson(new { Metrics = metrics.ToDictionary(metric => metric.Name, metric => metric.Value), Files = new[] { files.Path(TrainOptions.Model) } });
    }

    private static IEstimator<ITransformer> Regress(MLContext ml, TrainOptions train, SequenceColumns sequence, Action<EpochReport> epochDone, CancellationToken cancellation) =>
        sequence.Featurize(ml).Append(ml.Regression.Trainers.LstmRegressor(Shared(new LstmRegressor.Options { LabelColumnName = sequence.Label.Name }, train, epochDone, cancellation)));

    private static IEstimator<ITransformer> Classify(MLContext ml, TrainOptions train, SequenceColumns sequence, Action<EpochReport> epochDone, CancellationToken cancellation) =>
        ml.Transforms.Conversion.MapValueToKey(SequenceColumns.Key, sequence.Label.Name).Append(sequence.Featurize(ml))
            .Append(ml.MulticlassClassification.Trainers.LstmClassifier(Shared(new LstmClassifier.Options { LabelColumnName = SequenceColumns.Key }, train, epochDone, cancellation)))
            .Append(ml.Transforms.Conversion.MapKeyToValue(Class));

    private static T Shared<T>(T options, TrainOptions train, Action<EpochReport> epochDone, CancellationToken cancellation)
        where T : RecurrentTrainerOptions
    {
        (options.FeatureColumnName, options.HiddenSizes, options.NumberOfEpochs, options.Seed) = (SequenceColumns.Features, [train.HiddenSize], train.Epochs, train.Seed);
        (options.EpochDone, options.CancellationToken, options.KeepWeightsOnCancellation) = (epochDone, cancellation, true);
        return options;
    }

    private static (string, double)[] ValueMetrics(MLContext ml, IDataView scored, SequenceColumns sequence)
    {
        // Of a vector of one value and of a value alike: what is told apart here is what came and what was predicted.
        var rows = scored.GetColumn<float>(sequence.Label.Name).Zip(Scores(scored)).Where(row => float.IsFinite(row.First)).ToArray();
        if (rows.Length == 0)
            return [("rows", 0)];
        double mean = rows.Average(row => (double)row.First), squared = rows.Average(row => Math.Pow((double)row.First - row.Second, 2));
        return
        [
            ("MAE", rows.Average(row => Math.Abs((double)row.First - row.Second))), ("RMSE", Math.Sqrt(squared)),
            ("R²", 1 - (squared / rows.Average(row => Math.Pow(row.First - mean, 2)))), ("rows", rows.Length),
        ];
    }

    private static IEnumerable<float> Scores(IDataView scored) => scored.Schema[Prediction].Type is VectorDataViewType
        ? scored.GetColumn<float[]>(Prediction).Select(values => values[0])
        : scored.GetColumn<float>(Prediction);

    private static (string, double)[] ClassMetrics(MLContext ml, IDataView scored, SequenceColumns sequence)
    {
        var rows = scored.GetColumn<string>(sequence.Label.Name).Zip(scored.GetColumn<string>(Class)).ToArray();
        if (rows.Length == 0)
            return [("rows", 0)];
        return
        [
            ("accuracy", rows.Average(row => row.First == row.Second ? 1.0 : 0)),
            // Of a class as of another, however rare: always to say the commonest gives one over their number.
            ("mean recall of classes", rows.GroupBy(row => row.First).Average(same => same.Average(row => row.First == row.Second ? 1.0 : 0))),
            ("share of the commonest class", rows.GroupBy(row => row.First).Max(same => same.Count()) / (double)rows.Length), ("rows", rows.Length),
        ];
    }
}
