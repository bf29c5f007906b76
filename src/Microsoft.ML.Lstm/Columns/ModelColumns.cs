using Microsoft.ML.Lstm.Models;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>The columns of sequences as a model describes them, and back.</summary>
internal static class ModelColumns
{
    /// <summary>As a model keeps it.</summary>
    public static ModelInput ToModel(this SequenceInput input) => new() { Features = ToModel(input.Features), Tokens = input.Tokens is null ? null : ToModel(input.Tokens) };

    /// <summary>As a schema is compared with it.</summary>
    public static SequenceInput ToInput(this ModelInput input) => new() { Features = ToColumn(input.Features), Tokens = input.Tokens is null ? null : ToColumn(input.Tokens) };

    /// <summary>As a model keeps it.</summary>
    public static ModelClasses ToModel(int count, KeyValues? values) => new(count, values is null ? null : new ClassValues(values.ItemType, values.Texts));

    /// <summary>As an annotation is made of it.</summary>
    public static KeyValues? ToKeyValues(this ModelClasses classes) => classes.Values is null ? null : new KeyValues(classes.Values.ItemType, classes.Values.Texts);

    private static ModelColumn ToModel(SequenceColumn column) => new()
    {
        Name = column.Name, StepSize = column.StepSize, VocabularySize = column.VocabularySize, StepCount = column.StepCount,
    };

    private static SequenceColumn ToColumn(ModelColumn column) => new()
    {
        Name = column.Name, StepSize = column.StepSize, VocabularySize = column.VocabularySize, StepCount = column.StepCount,
    };
}
