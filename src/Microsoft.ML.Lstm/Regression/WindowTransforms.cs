using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Regression;

/// <summary>Finds out how windows are to be normalised: as the options say, or as befits what the label is known to continue.</summary>
internal static class WindowTransforms
{
    /// <summary>The transform for training data.</summary>
    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="schema">Of the training data.</param>
    /// <param name="input">What the columns of sequences are.</param>
    /// <param name="label">The label.</param>
    /// <param name="normalization">What the options say; null: automatic.</param>
    /// <param name="differences">Whether the labels are learned as differences from the last value of their series.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column has no numbers to normalise, or not the label's series.</exception>
    public static WindowTransform? For(
        IExceptionContext context, DataViewSchema schema, SequenceInput input, NumberLabel label, WindowNormalization? normalization, bool differences)
    {
        WindowAnnotation? annotation = Annotation(schema, input.Features.Name, label.Name);
        if (normalization is null && !differences)
            return annotation is null || label.IsEveryStep ? null : Automatic(annotation);
        if (normalization == WindowNormalization.None && !differences)
            return null;
        string option = differences ? nameof(LstmRegressor.Options.PredictDifference) : nameof(LstmRegressor.Options.Normalization);
        DataViewSchema.Column column = schema[input.Features.Name];
        if (input.FeatureSize == 0)
            throw SchemaMismatch.IllTyped(context, "feature", column.Name, Invariant($"numbers, since {option} is set"), column.Type.ToString()!);
        var transform = new WindowTransform
        {
            Normalization = normalization ?? WindowNormalization.None,
            RowSize = annotation?.RowSize ?? RowSize(column, input.FeatureSize),
            TargetFeatures = annotation?.FeatureIndices ?? [0],
        };
        if (differences && !transform.ChangesTargets)
            throw SchemaMismatch.IllTyped(context, "feature", column.Name, Invariant($"a window with the series of column '{label.Name}' in it, since {option} is set"), "one without");
        return transform;
    }

    /// <summary>The transform of the model whose training is continued.</summary>
    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="schema">Of the training data.</param>
    /// <param name="initial">The model.</param>
    /// <param name="label">The label.</param>
    /// <param name="normalization">What the options say; null: the model's.</param>
    /// <param name="differences">Whether the labels are to be learned as differences from the last value of their series.</param>
    /// <exception cref="ArgumentException">Options or label are not the model's.</exception>
    public static WindowTransform? Of(
        IExceptionContext context, DataViewSchema schema, RecurrentModel initial, NumberLabel label, WindowNormalization? normalization, bool differences)
    {
        if (normalization is { } asked)
            InitialModel.Same(nameof(LstmRegressor.Options.Normalization), asked, initial.Normalization);
        InitialModel.Same(nameof(LstmRegressor.Options.PredictDifference), differences, initial.Window is { ChangesWindows: false });
        int quantiles = initial.Loss.Kind == LossKind.Quantile ? Math.Max(1, initial.Loss.Quantiles.Count) : 1, size = initial.Spec.OutputSize / quantiles;
        return label.Size == size ? initial.Window : throw SchemaMismatch.IllTyped(
            context, ILabelColumn.Role, label.Name, Invariant($"{Plural.Of(size, "value")}, as the initial model predicts"), schema[label.Name].Type.ToString()!);
    }

    /// <summary>Whether the network learns what a linear forecast from the window misses.</summary>
    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="input">What the columns of sequences are.</param>
    /// <param name="window">The transform.</param>
    /// <param name="initial">The model whose training is continued; null: none.</param>
    /// <param name="asked">What the options say; null: automatic.</param>
    /// <exception cref="ArgumentException">It is asked for and cannot be, or is not as the initial model has it.</exception>
    public static bool HasLinearSkip(IExceptionContext context, SequenceInput input, WindowTransform? window, RecurrentModel? initial, bool? asked)
    {
        if (initial is not null && asked is { } same)
            InitialModel.Same(nameof(LstmRegressor.Options.LinearSkip), same, initial.Window?.Linear is not null);
        bool isPossible = window is { ChangesWindows: true, ChangesTargets: true } && input.Features.StepCount is not null;
        if (asked == true && !isPossible)
            throw SchemaMismatch.IllTyped(context, "feature", input.Features.Name,
                Invariant($"windows of a fixed length that are normalised, and a label that continues them, since {nameof(LstmRegressor.Options.LinearSkip)} is true"),
                input.Features.StepCount is null ? "windows of varying length" : "a window without them");
        return initial is null ? asked ?? isPossible : initial.Window?.Linear is not null;
    }

    // Where several series are told apart, their scales may differ too.
    private static WindowTransform? Automatic(WindowAnnotation annotation)
    {
        var transform = new WindowTransform
        {
            Normalization = annotation.GroupColumnName is null ? WindowNormalization.LastValue : WindowNormalization.LastValueAndScale,
            RowSize = annotation.RowSize,
            TargetFeatures = annotation.FeatureIndices,
        };
        return transform.ChangesTargets ? transform : null;
    }

    // The label's word holds only for the very window that it was cut with: a normaliser may have replaced either.
    private static WindowAnnotation? Annotation(DataViewSchema schema, string feature, string label) =>
        WindowAnnotations.TryRead(schema[label], out WindowAnnotation annotation) && annotation.Horizon > 0
            && WindowAnnotations.TryRead(schema[feature], out WindowAnnotation window)
            && window.WindowColumnName == annotation.WindowColumnName && window.RowSize == annotation.RowSize && window.WindowLength == annotation.WindowLength
            ? annotation
            : null;

    // A step may be several rows.
    private static int RowSize(DataViewSchema.Column column, int stepSize) =>
        column.Type is Data.VectorDataViewType { Dimensions: { Length: 2 } dimensions } && dimensions[1] > 0 ? dimensions[1] : stepSize;
}
