using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>What of a row is its sequence, and what is learned from it.</summary>
/// <param name="Label">What is learned.</param>
/// <param name="Text">Text whose tokens are the sequence; null: values are.</param>
/// <param name="ByCharacters">Whether the tokens are characters; else words.</param>
/// <param name="Values">Columns whose values are the sequence.</param>
internal sealed record SequenceColumns(ColumnGuess Label, ColumnGuess? Text, bool ByCharacters, IReadOnlyList<ColumnGuess> Values)
{
    /// <summary>The column of sequences, and that of classes as keys.</summary>
    public const string Features = "Features", Key = "Label__key";

    /// <summary>What to read of the file.</summary>
    /// <param name="isClass">Whether the label is a class; else a value.</param>
    public IReadOnlyList<(ColumnGuess Column, ColumnKind Kind)> ToRead(bool isClass) =>
    [
        (Label, isClass ? ColumnKind.Text : ColumnKind.Number), .. Values.Select(value => (value, ColumnKind.Number)),
        .. TagColumns.Some(Text, ColumnKind.Text),
    ];

    /// <summary>What a column is taken as, in words; empty if it is not used.</summary>
    public string NameOf(ColumnGuess column) =>
        column == Label ? "label" : column == Text ? "text" : Values.Contains(column) ? "sequence" : "";

    /// <summary>The columns that a model of the sequence reads: all but the label.</summary>
    public DataViewSchema Read(DataViewSchema table)
    {
        var schema = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in table.Where(column => column.Name != Label.Name))
            schema.AddColumn(column.Name, column.Type);
        return schema.ToSchema();
    }

    /// <summary>What makes sequences of the columns.</summary>
    public IEstimator<ITransformer> Featurize(MLContext ml) => Text is null ? ml.Transforms.Concatenate(Features, [.. Values.Select(value => value.Name)])
        : ByCharacters ? ml.Transforms.Text.TokenizeIntoCharactersAsKeys(Features, Text.Name, useMarkerCharacters: false)
        : ml.Transforms.Text.TokenizeIntoWords(Features, Text.Name).Append(ml.Transforms.Conversion.MapValueToKey(Features));
}
