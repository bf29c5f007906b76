using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>
/// Where a file has its sequences and their tags. Either each row is a step, and a column tells which sequence it is of; or each row is a
/// text, whose words are the steps, and another column has as many tags.
/// </summary>
/// <param name="Label">The tags.</param>
/// <param name="Group">What tells sequences apart, where rows are steps; null: rows are texts.</param>
/// <param name="Order">By what the steps of a sequence are put in order; null: as the file has them.</param>
/// <param name="Text">The words: one in each row, or a text in each; null: steps are values.</param>
/// <param name="Values">Columns whose values are a step.</param>
internal sealed record TagColumns(ColumnGuess Label, ColumnGuess? Group, ColumnGuess? Order, ColumnGuess? Text,
    IReadOnlyList<ColumnGuess> Values)
{
    /// <summary>The column of sequences, that of tags as keys, and that of predicted tags as texts.</summary>
    public const string Features = "Features", Key = "Label__key", Predicted = "PredictedTags";

    /// <summary>Whether rows are steps.</summary>
    public bool IsByRow => Group is not null;

    /// <summary>The column of steps, where rows are steps.</summary>
    public string StepColumn => Text?.Name ?? Features;

    /// <summary>What to read of the file.</summary>
    public IReadOnlyList<(ColumnGuess Column, ColumnKind Kind)> ToRead() =>
    [
        (Label, ColumnKind.Text), .. Some(Group, ColumnKind.Text), .. Some(Order, Order?.Kind ?? default), .. Some(Text, ColumnKind.Text),
        .. Values.Select(value => (value, ColumnKind.Number)),
    ];

    /// <summary>What a column is taken as, in words; empty if it is not used.</summary>
    public string NameOf(ColumnGuess column) => column == Label ? "tag"
        : column == Group ? "sequence"
        : column == Order ? "order"
        : column == Text ? (IsByRow ? "word" : "text")
        : Values.Contains(column) ? "value" : "";

    /// <summary>A column to read, or none.</summary>
    public static IEnumerable<(ColumnGuess Column, ColumnKind Kind)> Some(ColumnGuess? column, ColumnKind kind) =>
        column is null ? [] : [(column, kind)];

    /// <summary>The network's trainer with what comes before it: sequences in, tags out.</summary>
    public IEstimator<ITransformer> Pipeline(MLContext ml, LstmTagger.Options options)
    {
        (options.FeatureColumnName, options.LabelColumnName) = (Features, Key);
        if (Values.Count > 1)
            options.StepSize = Values.Count;
        LstmTagger trainer = ml.MulticlassClassification.Trainers.LstmTagger(options);
        IEstimator<ITransformer> tags = Text is null ? trainer
            : IsByRow ? ml.Transforms.Conversion.MapValueToKey(Features, Text.Name).Append(trainer)
            : ml.Transforms.Text.TokenizeIntoWords(Features, Text.Name).Append(ml.Transforms.Conversion.MapValueToKey(Features))
                .Append(trainer);
        return tags.Append(ml.Transforms.Conversion.MapKeyToValue(Predicted, RowPredictions.Class));
    }

    /// <summary>What makes keys of the tags, outside the model: sequences to predict have none.</summary>
    public IEstimator<ITransformer> Keys(MLContext ml) => IsByRow ? ml.Transforms.Conversion.MapValueToKey(Key)
        : ml.Transforms.Text.TokenizeIntoWords(Key, Label.Name).Append(ml.Transforms.Conversion.MapValueToKey(Key));
}
