using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Models;

/// <summary>What a model file says beside its network: columns, head, history, diagnosis. Read as a whole and checked against the network.</summary>
internal static class ModelMetadata
{
    private const string InputKey = "input", HistoryKey = "history", DiagnosisKey = "diagnosis";
    private const string ValuesKey = "score", ClassesKey = "classes", VocabularyKey = "vocabulary";

    /// <summary>Writes the texts.</summary>
    public static Dictionary<string, string> Write(ModelInput input, ModelHead head, TrainingHistory history, NetworkDiagnosis diagnosis)
    {
        var metadata = new Dictionary<string, string>
        {
            [InputKey] = JsonSerializer.Serialize(input, ModelJson.Default.ModelInput),
            [HistoryKey] = JsonSerializer.Serialize(history, ModelJson.Default.TrainingHistory),
            [DiagnosisKey] = diagnosis.ToJson(),
        };
        if (head.Values is { } values)
            metadata[ValuesKey] = JsonSerializer.Serialize(values, ModelJson.Default.ScoreValues);
        if (head.Classes is { } classes)
            metadata[ClassesKey] = JsonSerializer.Serialize(classes, ModelJson.Default.ModelClasses);
        if (head.Vocabulary is { } vocabulary)
            metadata[VocabularyKey] = JsonSerializer.Serialize(vocabulary, ModelJson.Default.Vocabulary);
        return metadata;
    }

    /// <summary>Reads the model that a file holds.</summary>
    /// <exception cref="InvalidDataException">Something is missing, or contradicts the network; says what.</exception>
    public static RecurrentModel Read(ModelFile file)
    {
        ModelInput input = Entry(file, InputKey, ModelJson.Default.ModelInput);
        ModelHead head = ReadHead(file);
        TrainingHistory history = Entry(file, HistoryKey, ModelJson.Default.TrainingHistory);
        NetworkDiagnosis diagnosis = NetworkDiagnosis.FromJson(Text(file, DiagnosisKey));
        WindowTransform? window = file.Window;
        if (window is null && head.Values is { IsDifference: true } values)
        {
            // As version 1 has it: every label continues the first number of the step.
            window = new WindowTransform { RowSize = file.Spec.InputSize, TargetFeatures = [0] };
            head = head with { Values = values with { IsDifference = false } };
        }
        ModelValidation.Check(file, window, input, head, history, diagnosis);
        return new RecurrentModel(file, window, input, head, history, diagnosis, SavedPrecision.Read(file.Metadata));
    }

    private static ModelHead ReadHead(ModelFile file)
    {
        bool everyStep = file.Spec.Output == OutputPosition.EveryStep;
        if (file.Metadata.ContainsKey(VocabularyKey))
            return ModelHead.Of(Entry(file, VocabularyKey, ModelJson.Default.Vocabulary));
        if (file.Metadata.ContainsKey(ClassesKey))
            return ModelHead.Of(everyStep ? ModelTask.Tagging : ModelTask.MulticlassClassification, Entry(file, ClassesKey, ModelJson.Default.ModelClasses));
        if (file.Metadata.ContainsKey(ValuesKey))
            return ModelHead.Of(Entry(file, ValuesKey, ModelJson.Default.ScoreValues));
        return file.Loss.Kind == LossKind.BinaryCrossEntropy
            ? ModelHead.Binary
            : throw new InvalidDataException(
                Invariant($"The model's metadata has none of '{ValuesKey}', '{ClassesKey}' and '{VocabularyKey}'; expected one, since its loss is {file.Loss.Kind}."));
    }

    private static T Entry<T>(ModelFile file, string key, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Text(file, key), type)
                ?? throw new InvalidDataException(Invariant($"The model's metadata has null as '{key}'; expected a value."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new InvalidDataException(Invariant($"The model's metadata '{key}' is not JSON as expected: {e.Message}"), e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(Invariant($"The model's metadata '{key}' is wrong. {e.Message}"), e);
        }
    }

    private static string Text(ModelFile file, string key) => file.Metadata.TryGetValue(key, out string? text)
        ? text
        : throw new InvalidDataException(Invariant($"The model's metadata has no '{key}'; it has {string.Join(", ", file.Metadata.Keys.Take(16))}."));
}
