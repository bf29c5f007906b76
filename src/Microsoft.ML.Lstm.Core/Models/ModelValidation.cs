using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Models;

/// <summary>Whether what a file says of a model fits its network. A model from someone else must never do more than fail to load.</summary>
internal static class ModelValidation
{
    /// <summary>Checks everything that a file holds against everything else.</summary>
    /// <exception cref="InvalidDataException">Something contradicts the network, is missing or undefined; says what was found and expected.</exception>
    public static void Check(ModelFile file, WindowTransform? window, ModelInput input, ModelHead head, TrainingHistory history, NetworkDiagnosis diagnosis)
    {
        NetworkSpec spec = file.Spec;
        Require(Enum.IsDefined(spec.Output), "network's Output", spec.Output, "LastStep or EveryStep");
        Require(spec.Forecast is null, "network", "a forecaster's", "one that reads a sequence");
        CheckLoss(file.Loss, spec, head.Task);
        CheckInput(input, spec, head.Task);
        CheckHead(head, file.Loss, spec);
        int values = ValuesPerTarget(file.Loss);
        Require(spec.OutputSize % values == 0, "network's OutputSize", spec.OutputSize, Invariant($"a multiple of {values}, the quantiles"));
        if (file.TargetScaling is { } targets)
            Require(head.Task == ModelTask.Regression && targets.Size * values == spec.OutputSize, "target scaling's size", targets.Size,
                head.Task == ModelTask.Regression ? Invariant($"{spec.OutputSize / values}, the network's targets") : "no target scaling of classes");
        CheckWindow(window, input, spec, head.Task, spec.OutputSize / values);
        CheckHistory(history);
        CheckDiagnosis(diagnosis);
    }

    /// <summary>How many neighbouring outputs belong to each target: the number of quantiles, or 1.</summary>
    public static int ValuesPerTarget(LossSpec loss) => loss.Kind == LossKind.Quantile ? loss.Quantiles.Count : 1;

    private static void CheckLoss(LossSpec loss, NetworkSpec spec, ModelTask task)
    {
        Require(Enum.IsDefined(loss.Kind), "loss", loss.Kind, Guard.OneOf<LossKind>());
        bool fits = task switch
        {
            ModelTask.Regression => loss.Kind is not (LossKind.SoftmaxCrossEntropy or LossKind.BinaryCrossEntropy),
            ModelTask.BinaryClassification => loss.Kind == LossKind.BinaryCrossEntropy,
            _ => loss.Kind == LossKind.SoftmaxCrossEntropy,
        };
        Require(fits, "loss", loss.Kind, Invariant($"a loss of {task}"));
        Require(loss.Quantiles is not null && (loss.Kind != LossKind.Quantile || loss.Quantiles.Count > 0), "loss's Quantiles", loss.Quantiles?.Count, "at least one");
        foreach (float quantile in loss.Quantiles!)
            Require(loss.Kind != LossKind.Quantile || quantile is > 0 and < 1, "loss's Quantiles", quantile, "values between 0 and 1");
        Require(loss.Kind != LossKind.Huber || (float.IsFinite(loss.HuberDelta) && loss.HuberDelta > 0), "loss's HuberDelta", loss.HuberDelta, "more than 0 and finite");
        Require(loss.LabelSmoothing is >= 0 and < 1, "loss's LabelSmoothing", loss.LabelSmoothing, "0 or more and below 1");
        foreach (float weight in loss.ClassWeights ?? [])
            Require(weight >= 0 && float.IsFinite(weight), "loss's ClassWeights", weight, "0 or more and finite");
        int classes = task == ModelTask.BinaryClassification ? 2 : spec.OutputSize;
        Require(loss.ClassWeights is null || loss.ClassWeights.Count == classes, "number of the loss's ClassWeights", loss.ClassWeights?.Count, Invariant($"{classes}"));
    }

    private static void CheckInput(ModelInput input, NetworkSpec spec, ModelTask task)
    {
        Require(input.Features is not null, "input's Features", null, "a column");
        CheckColumn(input.Features!, "Features");
        if (input.Tokens is { } tokens)
        {
            CheckColumn(tokens, "Tokens");
            Require(tokens.VocabularySize > 0 && input.Features!.VocabularySize == 0, "input's Tokens", tokens, "a column of tokens beside one of numbers");
            Require(tokens.StepCount is null || input.Features!.StepCount is null || tokens.StepCount == input.Features.StepCount, "steps of Tokens", tokens.StepCount,
                Invariant($"{input.Features!.StepCount}, those of Features"));
        }
        Require(input.Features!.StepSize == spec.InputSize, "StepSize of the features", input.Features.StepSize, Invariant($"{spec.InputSize}, the network's InputSize"));
        int vocabulary = (input.Tokens ?? input.Features).VocabularySize;
        Require(vocabulary == spec.VocabularySize, "VocabularySize of the tokens", vocabulary, Invariant($"{spec.VocabularySize}, the network's"));
        Require(task != ModelTask.LanguageModel || (spec is { InputSize: 0, Bidirectional: false, Output: OutputPosition.EveryStep } && vocabulary == spec.OutputSize),
            "network", "one that reads numbers or backwards", "one that reads tokens forwards and gives an output for each");
    }

    private static void CheckColumn(ModelColumn column, string role)
    {
        Require(!string.IsNullOrEmpty(column.Name), Invariant($"name of the input's {role}"), column.Name is null ? null : "empty", "a name");
        Require(column.StepSize >= 0 && column.VocabularySize >= 0 && (column.StepSize > 0) != (column.VocabularySize > 0),
            Invariant($"input's {role}"), column, "either numbers or tokens");
        Require(column.StepCount is null or > 0, Invariant($"StepCount of the input's {role}"), column.StepCount, "1 or more, or null");
    }

    private static void CheckHead(ModelHead head, LossSpec loss, NetworkSpec spec)
    {
        bool everyStep = spec.Output == OutputPosition.EveryStep;
        if (head.Values is { } values)
        {
            Require(values.SlotNames is not null && values.SlotNames.All(name => name is not null), "names of the values", null, "texts");
            Require(values.IsEveryStep == everyStep, "IsEveryStep of the values", values.IsEveryStep, Invariant($"{everyStep}, as the network's outputs are"));
            Require(everyStep || values.Size == spec.OutputSize, "Size of the values", values.Size, Invariant($"{spec.OutputSize}, the network's outputs"));
            Require(!values.IsScalar || (!everyStep && spec.OutputSize == 1), "IsScalar of the values", true, "false, since there are several");
            Require(values.SlotNames!.Count == (everyStep ? 0 : values.Size), "number of names of the values", values.SlotNames.Count, Invariant($"{(everyStep ? 0 : values.Size)}"));
            return;
        }
        bool needsEveryStep = head.Task is ModelTask.Tagging or ModelTask.LanguageModel;
        Require(everyStep == needsEveryStep, "network's Output", spec.Output, Invariant($"{(needsEveryStep ? OutputPosition.EveryStep : OutputPosition.LastStep)}, since the task is {head.Task}"));
        Require(head.Task != ModelTask.BinaryClassification || spec.OutputSize == 1, "network's OutputSize", spec.OutputSize, "1, since the model is a binary classifier");
        if (head.Vocabulary is { } vocabulary)
            Require(vocabulary.Texts.Count == spec.OutputSize, "number of tokens in the vocabulary", vocabulary.Texts.Count, Invariant($"{spec.OutputSize}, the network's outputs"));
        if (head.Classes is not { } classes)
            return;
        Require(classes.ClassCount == spec.OutputSize, "ClassCount", classes.ClassCount, Invariant($"{spec.OutputSize}, the network's outputs"));
        if (classes.Values is not { } names)
            return;
        Require(!string.IsNullOrEmpty(names.ItemType), "type of the classes' values", names.ItemType, "a type");
        Require(names.Texts is not null && names.Texts.All(text => text is not null), "names of the classes", null, "texts");
        Require(names.Texts!.Count == classes.ClassCount, "number of names of the classes", names.Texts.Count, Invariant($"{classes.ClassCount}"));
    }

    private static void CheckWindow(WindowTransform? window, ModelInput input, NetworkSpec spec, ModelTask task, int targets)
    {
        if (window is null)
            return;
        try
        {
            Require(task == ModelTask.Regression || window.IsIdentity, "window's normalisation", window.Normalization, Invariant($"none, since the model is of {task}"));
            window.Validate(spec.InputSize, spec.Output == OutputPosition.EveryStep);
            window.ValidateLinear(input.RowsOf(window.RowSize), targets);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(Invariant($"The model's metadata 'window' does not fit the network: {e.Message}"), e);
        }
    }

    private static void CheckHistory(TrainingHistory history)
    {
        Require(history.Epochs is not null && history.Epochs.All(epoch => epoch is not null), "history's Epochs", null, "a list of reports");
        Require(Enum.IsDefined(history.End), "history's End", history.End, Guard.OneOf<TrainingEnd>());
    }

    private static void CheckDiagnosis(NetworkDiagnosis diagnosis)
    {
        Require(diagnosis.Findings is not null, "diagnosis's Findings", null, "a list");
        foreach (Finding? finding in diagnosis.Findings!)
        {
            Require(finding is { Message: not null, Advice: not null, Evidence: not null }, "finding of the diagnosis", null, "one with message, advice and evidence");
            Require(Enum.IsDefined(finding!.Code), "code of a finding", finding.Code, "a known one");
            Require(Enum.IsDefined(finding.Severity), "severity of a finding", finding.Severity, Guard.OneOf<FindingSeverity>());
        }
    }

    private static void Require(bool holds, string what, object? found, string expected)
    {
        if (!holds)
            throw new InvalidDataException(Invariant($"The model's {what} is {found ?? "null"}; expected {expected}."));
    }
}
