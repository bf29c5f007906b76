using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Models;

/// <summary>The JSON in a model's metadata beside its network. Generated at compile time: no reflection, so it survives trimming.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, AllowDuplicateProperties = false, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(LosslessText)])]
[JsonSerializable(typeof(ModelInput))]
[JsonSerializable(typeof(ScoreValues))]
[JsonSerializable(typeof(ModelClasses))]
[JsonSerializable(typeof(Vocabulary))]
[JsonSerializable(typeof(TrainingHistory))]
internal sealed partial class ModelJson : JsonSerializerContext;
