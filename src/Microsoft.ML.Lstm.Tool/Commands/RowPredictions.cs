using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Tables;
using Microsoft.ML.Lstm.Validation;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>What a regressor or classifier predicts from each row of a file.</summary>
internal static class RowPredictions
{
    /// <summary>The file, and the columns that trainers add.</summary>
    public const string File = "predictions.csv", Score = "Score", Class = "PredictedLabel";

    /// <summary>Reads the columns that a model reads, and predicts from a share of the rows.</summary>
    /// <returns>The lines of <see cref="File"/>, the header first.</returns>
    /// <exception cref="ToolException">A column is missing, or the model predicts something else.</exception>
    public static IReadOnlyList<string> Lines(ITransformer model, DataViewSchema input, string modelPath, string path, CsvFlags flags, WorkShard shard)
    {
        CsvDialect dialect = CsvSniffer.Look(path, flags);
        TableView table = CsvTable.Read(path, dialect, [.. input.Select(column => (dialect.Find(column.Name, "The model's column"), column.Type is TextDataViewType ? ColumnKind.Text : ColumnKind.Number))]);
        (int first, int end) = shard.Range((int)table.GetRowCount()!.Value);
        // A row that belongs to a window is not predicted from by itself: there, all go in and some are taken.
        IDataView scored = ModelFiles.Parts(model).Any(part => part is WindowSequenceTransformer) ? Some(model.Transform(table)) : model.Transform(Some(table));
        if (scored.Schema.GetColumnOrNull(Score) is null)
            throw new ToolException($"'{modelPath}' adds no column '{Score}'; expected a forecaster, a regressor or a classifier.");
        if (scored.Schema.GetColumnOrNull(Class)?.Type is TextDataViewType)
            return ["Row,Prediction,Probability", .. scored.GetColumn<string>(Class).Zip(scored.GetColumn<float[]>(Score)).Select((row, i) => Line(first + i, ForecastCsv.Quoted(row.First), row.Second.Max()))];
        return ["Row,Prediction", .. Scores(scored).Select((value, i) => Line(first + i, value))];

        IDataView Some(IDataView all) => shard.Count == 1 ? all : new RowBlockView(all, first, end, isInside: true);
    }

    /// <summary>The values that a regressor predicts, of vectors the first.</summary>
    public static IEnumerable<float> Scores(IDataView scored) => scored.Schema[Score].Type is VectorDataViewType
        ? scored.GetColumn<float[]>(Score).Select(values => values[0])
        : scored.GetColumn<float>(Score);

    private static string Line(int row, params object[] fields) => string.Join(',', fields.Prepend(row + 1).Select(field => Convert.ToString(field, CultureInfo.InvariantCulture)));
}
