namespace Microsoft.ML.Lstm.Models;

/// <summary>What a network's outputs are made into, and what they are called: one of the three is there, or none for a binary classifier.</summary>
internal sealed record ModelHead
{
    /// <summary>The task.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The values of a regression model.</summary>
    public ScoreValues? Values { get; init; }

    /// <summary>The classes of a classifier or tagger.</summary>
    public ModelClasses? Classes { get; init; }

    /// <summary>The tokens of a language model.</summary>
    public Vocabulary? Vocabulary { get; init; }

    /// <summary>A regression model's.</summary>
    public static ModelHead Of(ScoreValues values) => new() { Task = ModelTask.Regression, Values = values };

    /// <summary>A classifier's, or a tagger's.</summary>
    public static ModelHead Of(ModelTask task, ModelClasses classes) => new() { Task = task, Classes = classes };

    /// <summary>A language model's.</summary>
    public static ModelHead Of(Vocabulary vocabulary) => new() { Task = ModelTask.LanguageModel, Vocabulary = vocabulary };

    /// <summary>A binary classifier's.</summary>
    public static ModelHead Binary { get; } = new() { Task = ModelTask.BinaryClassification };

    /// <summary>Names of what a prediction is made of: values, classes, tokens.</summary>
    public IReadOnlyList<string> Names() => Values?.SlotNames ?? Classes?.Names() ?? Vocabulary?.Texts ?? [bool.TrueString];

    /// <summary>Makes a prediction of outputs: values as they are, of logits probabilities.</summary>
    /// <param name="outputs">Outputs, of one step or of several.</param>
    /// <param name="scores">As long as <paramref name="outputs"/>.</param>
    public void Convert(ReadOnlySpan<float> outputs, Span<float> scores)
    {
        switch (Task)
        {
            case ModelTask.Regression:
                outputs.CopyTo(scores);
                break;
            case ModelTask.BinaryClassification:
                scores[0] = Logistic.Sigmoid(outputs[0]);
                break;
            default:
                int classes = Classes?.ClassCount ?? Vocabulary!.Texts.Count;
                for (int start = 0; start < outputs.Length; start += classes)
                    Logistic.Softmax(outputs.Slice(start, classes), scores.Slice(start, classes));
                break;
        }
    }

    /// <summary>The class, from 0, that outputs are for; −1 where they are NaN. Of a binary classifier 1 is true, and NaN counts as 0.</summary>
    /// <param name="outputs">The outputs of a sequence or step.</param>
    public int Class(ReadOnlySpan<float> outputs) =>
        Task == ModelTask.BinaryClassification ? (outputs[0] > 0 ? 1 : 0) : Logistic.Largest(outputs);
}
