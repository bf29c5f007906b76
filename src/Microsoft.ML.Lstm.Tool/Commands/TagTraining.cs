using System.CommandLine;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Reporting;
using Microsoft.ML.Lstm.Tool.Code;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm train tag</c>: a tag for each step of a sequence.</summary>
internal static class TagTraining
{
    public static Command Create()
    {
        var options = new TrainFlags();
        var flags = new TagFlags();
        var command = new Command("tag",
            "Learn a tag for each step of a sequence: each row is a step, or a text with a tag for each word.");
        options.AddTo(command, "The CSV: a row for each step, or for each text.");
        flags.AddTo(command);
        command.Run((parsed, console, cancellation) =>
        {
            TrainOptions train = options.Read(parsed);
            var files = TrainingResult.Prepare(train, TagCode.Name);
            (TagColumns columns, CsvDialect dialect, TableView table) = flags.Read(parsed, train.Path);
            console.Say($"Learns '{columns.Label.Name}' {Of(columns)}. Wrong? --label --group --time --text --features --separator --header --decimal.");
            var ml = new MLContext(train.Seed);
            TableView sequences = Sequences(columns, table);
            if (sequences.GetRowCount() < 2)
                throw new ToolException(FormattableString.Invariant($"The file has {sequences.GetRowCount()} sequence; expected 2 or more, of which some are held out by --test-fraction. --group names the column that tells sequences apart."));
            IDataView rows = columns.Keys(ml).Fit(sequences).Transform(sequences);
            DataOperationsCatalog.TrainTestData split = ml.Data.TrainTestSplit(rows, train.TestFraction, seed: train.Seed);
            var interruption = new Interruption(console, cancellation);
            ITransformer model = TrainingLine.Run<ITransformer>(console.Progress, "Training", train.Epochs,
                epochDone => columns.Pipeline(ml, TrainCommand.Shared(new LstmTagger.Options(), train, epochDone,
                    interruption.NextTraining())).Fit(split.TrainSet));
            ReportPage page = TrainingPage.Of(ml, model, split.TestSet,
                new RecurrentReportOptions { Title = $"Tags of {columns.Label.Name}", LabelColumnName = TagColumns.Key });
            page.AddData(train.Path, dialect, columns.NameOf, Tags(ml, rows), SequenceLengths.Of(rows, TagColumns.Key));
            page.AddHow(FormattableString.Invariant($"Whole sequences at random, by the seed {train.Seed}: {train.TestFraction:P0} of them are held out for the metrics, ")
                + "and of the others the trainer holds out some to know when to end.", split.TrainSet, split.TestSet, CommandText.Of(parsed));
            new TrainingResult(RowMetrics.OfTags(ml, model.Transform(split.TestSet)),
                stream => ml.Model.Save(model, Input(sequences.Schema, columns), stream), page,
                new TagCode(train, columns, dialect).Project()).Write(console, files);
        });
        return command;
    }

    private static string Of(TagColumns columns)
    {
        string what = columns.Text is { } text ? $"'{text.Name}'" : string.Join(", ", columns.Values.Select(value => $"'{value.Name}'"));
        return columns.IsByRow
            ? $"of each row from {(columns.Text is null ? "the values" : "the words")} of {what} in the rows with the same '{columns.Group!.Name}', {(columns.Order is { } order ? $"in the order of '{order.Name}'" : "in the order of the file")}"
            : $"of each word of {what}";
    }

    private static IEnumerable<string> Tags(MLContext ml, IDataView rows) =>
        ml.Transforms.Conversion.MapKeyToValue(TagColumns.Predicted, TagColumns.Key).Fit(rows).Transform(rows)
            .GetColumn<string[]>(TagColumns.Predicted).SelectMany(tags => tags);

    private static TableView Sequences(TagColumns columns, TableView table)
    {
        if (!columns.IsByRow)
            return table;
        StepRows steps = StepRows.Of(columns);
        return steps.ToTable(table, steps.Sequences(table), columns.Label.Name);
    }

    // All but the tags.
    private static DataViewSchema Input(DataViewSchema sequences, TagColumns columns)
    {
        var schema = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in sequences.Where(column => column.Name != TagColumns.Key
            && column.Name != columns.Label.Name))
            schema.AddColumn(column.Name, column.Type, column.Annotations);
        return schema.ToSchema();
    }
}
