using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Models;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Tables;
using Microsoft.ML.Lstm.Validation;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>What a regressor, classifier or tagger predicts from each row of a file.</summary>
internal static class RowPredictions
{
    /// <summary>The file, and the columns that trainers add.</summary>
    public const string File = "predictions.csv", Score = "Score", Class = "PredictedLabel";

    /// <summary>Reads the columns that a model reads, and predicts from a share of the rows.</summary>
    /// <returns>The lines of <see cref="File"/>, the header first.</returns>
    /// <exception cref="ToolException">A column is missing, or the model predicts something else.</exception>
    public static IReadOnlyList<string> Lines(ITransformer model, DataViewSchema input, string modelPath, string path, CsvFlags flags,
        WorkShard shard)
    {
        CsvDialect dialect = CsvSniffer.Look(path, flags);
        if (StepRows.Of(input) is { } steps)
            return Share(Steps(model, steps, path, dialect), shard);
        if (input.FirstOrDefault(column => column.Type is VectorDataViewType) is { Type: not null } vector)
            throw new ToolException($"'{modelPath}' reads vectors in '{vector.Name}', {vector.Type}, and does not say of which columns they are made; expected a model that lstm train has written.");
        TableView table = CsvTable.Read(path, dialect, ToRead(input, dialect));
        (int first, int end) = shard.Range((int)table.GetRowCount()!.Value);
        // A row that belongs to a window is not predicted from by itself: there, all go in and some are taken.
        IDataView scored = ModelFiles.Parts(model).Any(part => part is WindowSequenceTransformer) ? Some(model.Transform(table))
            : model.Transform(Some(table));
        if (scored.Schema.GetColumnOrNull(TagColumns.Predicted) is not null)
            return ["Row,Prediction", .. scored.GetColumn<string[]>(TagColumns.Predicted).Select((tags, i) => Line(first + i, ForecastCsv.Quoted(string.Join(' ', tags))))];
        if (scored.Schema.GetColumnOrNull(Score) is null)
            throw new ToolException($"'{modelPath}' adds no column '{Score}'; expected a forecaster, a regressor, a classifier or a tagger.");
        if (scored.Schema.GetColumnOrNull(Class)?.Type is TextDataViewType)
            return ["Row,Prediction,Probability", .. scored.GetColumn<string>(Class).Zip(scored.GetColumn<float[]>(Score))
                .Select((row, i) => Line(first + i, ForecastCsv.Quoted(row.First), row.Second.Max()))];
        return ["Row,Prediction", .. Scores(scored).Select((value, i) => Line(first + i, value))];

        IDataView Some(IDataView all) => shard.Count == 1 ? all : new RowSelectionView(all, row => row >= first, end, end - first);
    }

    // Steps belong to sequences, which are predicted whole: the share is one of the lines.
    private static IReadOnlyList<string> Share(IReadOnlyList<string> lines, WorkShard shard)
    {
        (int first, int end) = shard.Range(lines.Count - 1);
        return [lines[0], .. lines.Skip(1 + first).Take(end - first)];
    }

    /// <summary>What a model of rows reads of a file.</summary>
    /// <exception cref="ToolException">A column is missing.</exception>
    public static IReadOnlyList<(ColumnGuess Column, ColumnKind Kind)> ToRead(DataViewSchema input, CsvDialect dialect) =>
        [.. input.Select(column => (dialect.Find(column.Name, "The model's column") with { Name = column.Name },
            column.Type is TextDataViewType ? ColumnKind.Text : ColumnKind.Number))];

    /// <summary>The values that a regressor predicts, of vectors the first.</summary>
    public static IEnumerable<float> Scores(IDataView scored) => scored.Schema[Score].Type is VectorDataViewType
        ? scored.GetColumn<float[]>(Score).Select(values => values[0])
        : scored.GetColumn<float>(Score);

    private static IReadOnlyList<string> Steps(ITransformer model, StepRows steps, string path, CsvDialect dialect)
    {
        TableView table = CsvTable.Read(path, dialect, steps.ToRead(dialect));
        IReadOnlyList<int[]> sequences = steps.Sequences(table);
        IDataView scored = model.Transform(steps.ToTable(table, sequences, null));
        string[] lines = new string[table.GetRowCount()!.Value];
        foreach ((int[] rows, (string[] tags, float[] scores)) in sequences.Zip(scored.GetColumn<string[]>(TagColumns.Predicted)
            .Zip(scored.GetColumn<float[]>(Score))))
            for (int i = 0; i < rows.Length; i++)
                lines[rows[i]] = i < tags.Length ? Line(rows[i], ForecastCsv.Quoted(tags[i]),
                    scores.AsSpan().Slice(i * (scores.Length / tags.Length), scores.Length / tags.Length).ToArray().Max())
                    : Line(rows[i], "", "");
        return ["Row,Prediction,Probability", .. lines];
    }

    private static string Line(int row, params object[] fields) => string.Join(',', fields.Prepend(row + 1).Select(field => Convert.ToString(field, CultureInfo.InvariantCulture)));
}
