using System.CommandLine;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Reporting;
using Microsoft.ML.Lstm.Tool.Code;
using Microsoft.ML.Lstm.Tool.Models;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm train regress|classify|tag|language</c>: models of whole sequences, of their steps, and of text.</summary>
internal static class TrainCommand
{
    public static Command Create() => new("train", "Train a model of sequences or of text, and test it on rows that were held out.")
    {
        Rows("regress", "Learn a value from the sequence in each row.", Regress),
        Rows("classify", "Learn which class the sequence in each row is of.", Classify), TagTraining.Create(), LanguageTraining.Create(),
    };

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
            bool classify = name == "classify";
            var files = TrainingResult.Prepare(train, SequenceCode.NameOf(classify));
            (SequenceColumns sequence, CsvDialect dialect, TableView table) = columns.Read(parsed, train.Path, classify);
            console.Say($"Learns '{sequence.Label.Name}' from {(sequence.Text is { } text ? $"the {(sequence.ByCharacters ? "characters" : "words")} of '{text.Name}'" : $"the sequence of {string.Join(", ", sequence.Values.Select(value => $"'{value.Name}'"))}")}. Wrong? --label --text --features --tokens --separator --header --decimal.");
            var ml = new MLContext(train.Seed);
            // Classes become keys outside the model that is saved: rows to predict have no label.
            IDataView rows = classify ? ml.Transforms.Conversion.MapValueToKey(SequenceColumns.Key, sequence.Label.Name).Fit(table).Transform(table) : table;
            DataOperationsCatalog.TrainTestData split = ml.Data.TrainTestSplit(rows, train.TestFraction, seed: train.Seed);
            var interruption = new Interruption(console, cancellation);
            ITransformer model = TrainingLine.Run<ITransformer>(console.Progress, "Training", train.Epochs, epochDone => pipeline(ml, train, sequence, epochDone, interruption.NextTraining()).Fit(split.TrainSet));
            IDataView scored = model.Transform(split.TestSet);
            ReportPage page = TrainingPage.Of(ml, model, split.TestSet, new RecurrentReportOptions
            {
                Title = $"{(classify ? "Classes" : "Values")} of {sequence.Label.Name}",
                LabelColumnName = classify ? SequenceColumns.Key : sequence.Label.Name,
            });
            page.AddData(train.Path, dialect, sequence.NameOf, classify ? table.GetColumn<string>(sequence.Label.Name) : [],
                sequence.Text is null ? [] : Lengths(model, table));
            page.AddHow(FormattableString.Invariant($"At random, by the seed {train.Seed}: {train.TestFraction:P0} of the rows are held out for the metrics, ")
                + "and of the others the trainer holds out some to know when to end.", split.TrainSet, split.TestSet, CommandText.Of(parsed));
            string label = sequence.Label.Name;
            new TrainingResult(classify ? RowMetrics.OfClasses(scored, label) : RowMetrics.OfValues(scored, label),
                stream => ml.Model.Save(model, sequence.Read(table.Schema), stream), page,
                new SequenceCode(train, sequence, dialect, classify).Project()).Write(console, files);
        });
        return command;
    }

    private static IReadOnlyCollection<int> Lengths(ITransformer model, IDataView rows)
    {
        foreach (ITransformer part in ModelFiles.Parts(model).TakeWhile(part => part is not RecurrentTransformer))
            rows = part.Transform(rows);
        return SequenceLengths.Of(rows, SequenceColumns.Features);
    }

    private static IEstimator<ITransformer> Regress(MLContext ml, TrainOptions train, SequenceColumns sequence, Action<EpochReport> epochDone, CancellationToken cancellation) =>
        sequence.Featurize(ml).Append(ml.Regression.Trainers.LstmRegressor(Shared(new LstmRegressor.Options { LabelColumnName = sequence.Label.Name }, train, epochDone, cancellation)));

    private static IEstimator<ITransformer> Classify(MLContext ml, TrainOptions train, SequenceColumns sequence, Action<EpochReport> epochDone, CancellationToken cancellation) =>
        sequence.Featurize(ml).Append(ml.MulticlassClassification.Trainers.LstmClassifier(Shared(new LstmClassifier.Options { LabelColumnName = SequenceColumns.Key }, train, epochDone, cancellation)))
            .Append(ml.Transforms.Conversion.MapKeyToValue(RowPredictions.Class));

    /// <summary>The options that all trainings share.</summary>
    public static T Shared<T>(T options, TrainOptions train, Action<EpochReport> epochDone, CancellationToken cancellation)
        where T : RecurrentTrainerOptions
    {
        (options.FeatureColumnName, options.HiddenSizes, options.NumberOfEpochs, options.Seed) = (SequenceColumns.Features, [train.HiddenSize], train.Epochs, train.Seed);
        (options.EpochDone, options.CancellationToken, options.KeepWeightsOnCancellation) = (epochDone, cancellation, true);
        return options;
    }
}
